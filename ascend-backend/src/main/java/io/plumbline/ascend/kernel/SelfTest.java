package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.Dequantizer;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.lang.foreign.MemorySegment;

/**
 * Small operations with known results, run whenever a device is opened: a toolkit whose signature or layout differs
 * from what was bound would otherwise answer with wrong numbers.
 */
final class SelfTest {
    private static final int ROWS = 3;
    private static final int IN = 96;
    private static final int OUT = 7;

    /** Twice what float16 input and output may cost, relative to Σ|x·w|. */
    private static final double MATMUL_TOLERANCE = 2e-3;

    private static final double NORM_TOLERANCE = 1e-3;
    private static final float EPSILON = 1e-5f;

    private SelfTest() {}

    static void run(Backend backend, SocFamily family) {
        rmsNorm(backend);
        for (DeviceLayout layout : DeviceLayout.values()) {
            if (WeightSupport.refusal(layout.format(), family).isEmpty()) {
                matmul(backend, layout.format());
            }
        }
    }

    /** Values of both signs without a pattern that a wrong order of elements would keep. */
    private static float[] values(int count, int seed) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.sin(seed + 1.7 * i + 0.01 * i * i);
        }
        return values;
    }

    private static void matmul(Backend backend, QuantFormat format) {
        byte[] blocks = Quantizer.quantize(format, values(OUT * IN, 1), 0, OUT * IN);
        float[] w = new float[OUT * IN];
        Dequantizer.dequantize(format, blocks, 0, w, 0, w.length);
        float[] x = values(ROWS * IN, 2);
        float[] y = new float[ROWS * OUT];
        try (Weight weight = backend.memory().upload(MemorySegment.ofArray(blocks), format, OUT, IN);
                Buffer in = backend.memory().allocate(x.length);
                Buffer out = backend.memory().allocate(y.length)) {
            backend.memory().write(in, 0, x, 0, x.length);
            backend.kernels().matmul(ROWS, in, weight, out);
            backend.memory().read(out, 0, y, 0, y.length);
        }
        for (int i = 0; i < y.length; i++) {
            double expected = 0;
            double scale = 0;
            for (int k = 0; k < IN; k++) {
                double product = (double) x[i / OUT * IN + k] * w[i % OUT * IN + k];
                expected += product;
                scale += Math.abs(product);
            }
            compare(format + " matmul", y[i], expected, MATMUL_TOLERANCE * scale);
        }
    }

    private static void rmsNorm(Backend backend) {
        float[] x = values(ROWS * IN, 3);
        float[] weight = values(IN, 4);
        float[] y = new float[x.length];
        try (Buffer in = backend.memory().allocate(x.length);
                Buffer gamma = backend.memory().allocate(IN);
                Buffer out = backend.memory().allocate(x.length)) {
            backend.memory().write(in, 0, x, 0, x.length);
            backend.memory().write(gamma, 0, weight, 0, IN);
            backend.kernels().rmsNorm(ROWS, IN, EPSILON, in, gamma, out);
            backend.memory().read(out, 0, y, 0, y.length);
        }
        for (int r = 0; r < ROWS; r++) {
            double squares = 0;
            for (int c = 0; c < IN; c++) {
                squares += (double) x[r * IN + c] * x[r * IN + c];
            }
            double inverse = 1 / Math.sqrt(squares / IN + EPSILON);
            for (int c = 0; c < IN; c++) {
                double expected = x[r * IN + c] * inverse * weight[c];
                compare("RMS norm", y[r * IN + c], expected, NORM_TOLERANCE * (Math.abs(expected) + 1e-3));
            }
        }
    }

    private static void compare(String operation, float actual, double expected, double tolerance) {
        if (!(Math.abs(actual - expected) <= tolerance)) {
            throw new KernelException(
                    "the Ascend device failed its self-test: %s gave %s instead of %s. Remedy: use the backend 'cpu', and report device, driver and CANN version"
                            .formatted(operation, actual, expected));
        }
    }
}
