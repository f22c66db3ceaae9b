package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Small operations compared with the reference backend to the bit, whenever a device is opened: a driver or compiler that
 * rounds otherwise, or a broken device, would otherwise answer with wrong numbers.
 */
final class SelfTest {
    private static final int COUNT = 1000;
    private static final List<Case> CASES = List.of(new Case("addScaled and scale", SelfTest::multiplyAdd));

    /** An operation of the contract with fixed input. */
    private record Case(String name, Function<Backend, float[]> run) {}

    private SelfTest() {}

    /** @throws KernelException if a bit differs; the message names the operation */
    static void run(Backend device) {
        try (Backend reference = new ReferenceProvider().open(new BackendOptions(1))) {
            for (Case one : CASES) {
                float[] expected = one.run().apply(reference);
                float[] actual = one.run().apply(device);
                int differs = Arrays.mismatch(expected, actual);
                if (differs >= 0) {
                    throw new KernelException(
                            "the self-test of the GPU failed: %s gives %s in place of %s at %d. Remedy: try another driver or NVRTC version, or use the backend 'cpu'; please report it with ./plumbline doctor"
                                    .formatted(one.name(), actual[differs], expected[differs], differs));
                }
            }
        }
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Buffer buffer(Backend backend, float[] values) {
        Buffer buffer = backend.memory().allocate(values.length);
        backend.memory().write(buffer, 0, values, 0, values.length);
        return buffer;
    }

    private static float[] read(Backend backend, Buffer buffer) {
        float[] values = new float[(int) buffer.elements()];
        backend.memory().read(buffer, 0, values, 0, values.length);
        return values;
    }

    private static float[] multiplyAdd(Backend backend) {
        Random random = new Random(1);
        try (Buffer x = buffer(backend, normal(random, COUNT));
                Buffer y = buffer(backend, normal(random, COUNT))) {
            backend.kernels().addScaled(COUNT, 0.1f, x, y);
            backend.kernels().scale(COUNT, 1.7f, y);
            return read(backend, y);
        }
    }
}
