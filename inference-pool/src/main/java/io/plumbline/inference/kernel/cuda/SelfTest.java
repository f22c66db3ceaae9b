package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AttentionShape;
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
    private static final List<Case> CASES = List.of(
            new Case("addScaled and scale", SelfTest::multiplyAdd),
            new Case("the activation and its gradient", SelfTest::activation),
            new Case("attention and its gradients", SelfTest::attention),
            new Case("the loss and its gradient", SelfTest::loss));

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

    /** Exponentials and divisions. */
    private static float[] activation(Backend backend) {
        Random random = new Random(2);
        try (Buffer gate = buffer(backend, normal(random, COUNT));
                Buffer up = buffer(backend, normal(random, COUNT));
                Buffer result = backend.memory().allocate(3L * COUNT)) {
            Buffer out = result.slice(0, COUNT);
            Buffer dgate = result.slice(COUNT, COUNT);
            Buffer dup = result.slice(2L * COUNT, COUNT);
            backend.kernels().gatedActivation(Activation.GELU_TANH, COUNT, gate, up, out);
            backend.kernels().gatedActivationBackward(Activation.SILU, COUNT, gate, up, out, dgate, dup);
            return read(backend, result);
        }
    }

    /** Sums in order, within warps and through shared memory. */
    private static float[] attention(Backend backend) {
        int rows = 40;
        AttentionShape shape = new AttentionShape(2, 1, 20, 0.2f, 0);
        int[] starts = {0, 3, rows};
        Random random = new Random(3);
        int queries = rows * shape.queryWidth();
        int keys = rows * shape.keyValueWidth();
        try (Buffer q = buffer(backend, normal(random, queries));
                Buffer k = buffer(backend, normal(random, keys));
                Buffer v = buffer(backend, normal(random, keys));
                Buffer result = backend.memory().allocate(2L * queries + 2L * keys)) {
            Buffer out = result.slice(0, queries);
            Buffer dq = result.slice(queries, queries);
            Buffer dk = result.slice(2L * queries, keys);
            Buffer dv = result.slice(2L * queries + keys, keys);
            backend.kernels().attention(shape, starts, q, k, v, out);
            backend.kernels().attentionBackward(shape, starts, q, k, v, out, dq, dk, dv);
            return read(backend, result);
        }
    }

    /** Sums in double precision. */
    private static float[] loss(Backend backend) {
        int[] targets = {7, 999, -1};
        int count = targets.length * COUNT;
        try (Buffer result = buffer(backend, normal(new Random(4), count + targets.length))) {
            Buffer loss = result.slice(count, targets.length);
            backend.kernels().softmaxCrossEntropy(COUNT, targets, 0.3f, result.slice(0, count), loss);
            return read(backend, result);
        }
    }
}
