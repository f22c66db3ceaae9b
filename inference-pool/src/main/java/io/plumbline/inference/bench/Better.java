package io.plumbline.inference.bench;

/** Which way a figure improves. */
enum Better {
    HIGHER,
    LOWER;

    /** The best of repeated measurements: what the machine did when it was disturbed least. */
    double best(Samples samples) {
        return switch (this) {
            case HIGHER -> samples.largest();
            case LOWER -> samples.smallest();
        };
    }

    boolean reaches(double value, double goal) {
        return switch (this) {
            case HIGHER -> value >= goal;
            case LOWER -> value <= goal;
        };
    }

    String sign() {
        return switch (this) {
            case HIGHER -> "≥";
            case LOWER -> "≤";
        };
    }
}
