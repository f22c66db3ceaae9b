package io.plumbline.inference.bench;

/**
 * What a figure should reach.
 *
 * @param measure of what
 * @param bound the least or the most, as {@link Figure#better} says
 */
record Goal(Measure measure, double bound) {
    /** What is compared with the bound. */
    enum Measure {
        /** The figure itself. */
        VALUE,
        /** The figure divided by the peer's. */
        RATIO
    }

    static Goal value(double bound) {
        return new Goal(Measure.VALUE, bound);
    }

    static Goal ratio(double bound) {
        return new Goal(Measure.RATIO, bound);
    }
}
