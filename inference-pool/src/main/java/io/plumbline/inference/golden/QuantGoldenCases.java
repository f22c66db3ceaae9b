package io.plumbline.inference.golden;

import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.Dequantizer;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import io.plumbline.inference.weights.SafetensorsFile;
import io.plumbline.inference.weights.SafetensorsTensor;
import java.util.Locale;
import java.util.function.Consumer;

/** The cases of one format's file. */
record QuantGoldenCases(QuantFormat format, SafetensorsFile file, Backend backend, Consumer<GoldenResult> report) {
    /** Relative to the largest magnitude of a block: one rounding more or less. */
    private static final double UNPACK_TOLERANCE = 2e-7;

    /** Share of bytes that may differ, because ties may fall either way. */
    private static final double PACK_TOLERANCE = 0.005;

    /** Largest share of the reference's error; where scales have to be looked for, two searches differ by a hair. */
    private static final double PACK_ERROR_TOLERANCE = 1.005;

    /** Relative to Σ|x·w|. */
    private static final double PRODUCT_TOLERANCE = 1e-5;

    void run() {
        if (file.any("random.bytes").isPresent()) {
            unpack();
        }
        if (file.any("special.bytes").isPresent()) {
            special();
        }
        if (file.any("quantize.input").isPresent()) {
            pack();
        }
        for (int i = 0; file.any("mm%d.x".formatted(i)).isPresent(); i++) {
            product("mm%d".formatted(i));
        }
    }

    private void compared(String name, double error, double tolerance, String detail) {
        // A NaN error must not look like a small one.
        double shown = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        add(name, new Outcome.Compared(shown, tolerance, detail));
    }

    private void add(String name, Outcome outcome) {
        report.accept(new GoldenResult("quant", format.name().toLowerCase(Locale.ROOT) + " " + name, outcome));
    }

    private byte[] bytes(String tensor) {
        int[] values = file.require(tensor).toInts();
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private float[] unpacked(byte[] blocks) {
        float[] values = new float[blocks.length / format.blockBytes() * format.blockElements()];
        Dequantizer.dequantize(format, blocks, 0, values, 0, values.length);
        return values;
    }

    /** The same values by way of the backend: rows of an embedding table. */
    private float[] embedded(SafetensorsTensor blocks, int rows, int columns) {
        int[] all = new int[rows];
        for (int r = 0; r < rows; r++) {
            all[r] = r;
        }
        float[] values = new float[rows * columns];
        try (Weight table = backend.memory().upload(blocks.data(), format, rows, columns);
                Buffer out = backend.memory().allocate(values.length)) {
            backend.kernels().embed(table, all, 1f, out);
            backend.synchronize();
            backend.memory().read(out, 0, values, 0, values.length);
        }
        return values;
    }

    private void unpack() {
        float[] expected = file.require("random.dequant").toFloats();
        compared(
                "dequantise",
                blockError(unpacked(bytes("random.bytes")), expected),
                UNPACK_TOLERANCE,
                "%d values, relative to their block".formatted(expected.length));
        SafetensorsTensor blocks = file.require("random.bytes");
        int rows = expected.length / format.blockElements();
        compared(
                "dequantise on " + backend.name(),
                blockError(embedded(blocks, rows, format.blockElements()), expected),
                UNPACK_TOLERANCE,
                "%d values, relative to their block".formatted(expected.length));
    }

    /** The largest difference relative to the largest magnitude of its block; 0 for equal values. */
    private double blockError(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        int elements = format.blockElements();
        for (int block = 0; block < expected.length; block += elements) {
            double largest = 0;
            double difference = 0;
            for (int i = block; i < block + elements; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
            }
            worst = Math.max(worst, difference == 0 ? 0 : difference / largest);
        }
        return worst;
    }

    /** Infinities stay infinite and NaN stays NaN. */
    private void special() {
        byte[] isInfinite = bytes("special.is_inf");
        int wrong = 0;
        float[] host = unpacked(bytes("special.bytes"));
        float[] device = embedded(file.require("special.bytes"), isInfinite.length, 1);
        for (int i = 0; i < isInfinite.length; i++) {
            boolean infinite = isInfinite[i] != 0;
            wrong += infinite == Float.isInfinite(host[i]) && infinite != Float.isNaN(host[i]) ? 0 : 1;
            wrong += infinite == Float.isInfinite(device[i]) && infinite != Float.isNaN(device[i]) ? 0 : 1;
        }
        compared("special", wrong, 0, "values that lost their infinity or NaN");
    }

    private void pack() {
        SafetensorsTensor input = file.require("quantize.input");
        float[] source = input.toFloats();
        byte[] actual = Quantizer.quantize(format, source, 0, source.length);
        byte[] expected = bytes("quantize.bytes");
        if (Quantizer.roundsToNearest(format)) {
            int different = 0;
            for (int i = 0; i < expected.length; i++) {
                different += actual[i] == expected[i] ? 0 : 1;
            }
            compared(
                    "quantise",
                    actual.length == expected.length ? (double) different / expected.length : Double.POSITIVE_INFINITY,
                    PACK_TOLERANCE,
                    "%d of %d bytes differ".formatted(different, expected.length));
        }
        int rows = Math.toIntExact(input.shape().getFirst());
        double worst = 0;
        for (int r = 0; r < rows; r++) {
            double reference = rootMeanSquareError(source, unpacked(expected), r, rows);
            double own = rootMeanSquareError(source, unpacked(actual), r, rows);
            worst = Math.max(worst, own == 0 ? 0 : own / reference);
        }
        compared(
                "quantise error",
                worst,
                PACK_ERROR_TOLERANCE,
                "root mean square error of a row, as a share of the reference's");
    }

    private static double rootMeanSquareError(float[] source, float[] restored, int row, int rows) {
        int columns = source.length / rows;
        double squares = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            double difference = (double) source[i] - restored[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares / columns);
    }

    private void product(String name) {
        SafetensorsTensor x = file.require(name + ".x");
        SafetensorsTensor y = file.require(name + ".y");
        int rows = Math.toIntExact(x.shape().get(0));
        int in = Math.toIntExact(x.shape().get(1));
        int out = Math.toIntExact(y.shape().get(1));
        float[] activations = x.toFloats();
        float[] actual = new float[rows * out];
        try (Weight w = backend.memory().upload(file.require(name + ".w_bytes").data(), format, out, in);
                Buffer bufferX = backend.memory().allocate(activations.length);
                Buffer bufferY = backend.memory().allocate(actual.length)) {
            backend.memory().write(bufferX, 0, activations, 0, activations.length);
            backend.kernels().matmul(rows, bufferX, w, bufferY);
            backend.synchronize();
            backend.memory().read(bufferY, 0, actual, 0, actual.length);
        }
        float[] weights = unpacked(bytes(name + ".w_bytes"));
        double[] expected = y.toDoubles();
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double scale = 0;
            for (int k = 0; k < in; k++) {
                scale += Math.abs((double) activations[i / out * in + k] * weights[i % out * in + k]);
            }
            double difference = Math.abs(actual[i] - expected[i]);
            worst = Math.max(worst, difference == 0 ? 0 : difference / scale);
        }
        compared(
                "matmul %s %d×%d×%d on %s".formatted(name, rows, out, in, backend.name()),
                worst,
                PRODUCT_TOLERANCE,
                "relative to Σ|x·w|");
    }
}
