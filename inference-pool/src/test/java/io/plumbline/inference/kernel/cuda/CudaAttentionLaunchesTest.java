package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.TestDevice;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many launches attention is cut into by the scratch memory that it may use does not show in its bits. */
@WithStandIn
class CudaAttentionLaunchesTest {
    private static final long ONE_TILE = 1;
    private static final long SOME_TILES = 3 * 16 * 64;
    private static final List<AttentionShape> SHAPES = List.of(
            new AttentionShape(6, 2, 40, 0.2f, 0),
            new AttentionShape(6, 2, 64, 0.2f, 19),
            new AttentionShape(20, 1, 32, 0.2f, 0));
    private static final int[] STARTS = {0, 70, 70, 71, 120};

    /** Of whole sequences, in the memory of some device. */
    private record Tensors(Buffer q, Buffer k, Buffer v, Buffer dout, Buffer out, Buffer dq, Buffer dk, Buffer dv) {
        static Tensors random(TestDevice device, AttentionShape shape) {
            Random random = new Random(4);
            int rows = STARTS[STARTS.length - 1];
            int queries = rows * shape.queryWidth();
            int keys = rows * shape.keyValueWidth();
            return new Tensors(
                    device.buffer(TestDevice.normal(random, queries)),
                    device.buffer(TestDevice.normal(random, keys)),
                    device.buffer(TestDevice.normal(random, keys)),
                    device.buffer(TestDevice.normal(random, queries)),
                    device.zeros(queries),
                    device.zeros(queries),
                    device.zeros(keys),
                    device.zeros(keys));
        }

        float[] results(TestDevice device) {
            return device.read(out, dq, dk, dv);
        }
    }

    @Test
    void forwardAndBackward() {
        for (AttentionShape shape : SHAPES) {
            float[] expected;
            try (TestDevice device = TestDevice.open(new ReferenceProvider(), 1)) {
                Tensors t = Tensors.random(device, shape);
                device.kernels().attention(shape, STARTS, t.q, t.k, t.v, t.out);
                device.kernels().attentionBackward(shape, STARTS, t.q, t.k, t.v, t.dout, t.dq, t.dk, t.dv);
                expected = t.results(device);
            }
            for (long mostScores : new long[] {ONE_TILE, SOME_TILES, AttentionTiles.MOST_SCORES}) {
                assertThat(wholeSequences(shape, mostScores)).isEqualTo(expected);
            }
        }
    }

    @Test
    void overACacheOfEightBits() {
        AttentionShape shape = SHAPES.getLast();
        float[] expected = overACache(shape, AttentionTiles.MOST_SCORES);
        assertThat(overACache(shape, ONE_TILE)).isEqualTo(expected);
    }

    private static TestDevice open() {
        return new TestDevice(new StandInProvider().open(new BackendOptions(1)));
    }

    private static CudaStream stream(Backend backend) {
        return ((CudaBackend) backend).stream();
    }

    private static float[] wholeSequences(AttentionShape shape, long mostScores) {
        try (TestDevice device = open()) {
            Tensors t = Tensors.random(device, shape);
            CudaStream stream = stream(device.backend());
            new CudaAttention(stream, mostScores).contiguous(shape, STARTS, t.q, t.k, t.v, t.out);
            var matrices = CudaAttentionBackward.Matrices.of(t.q, t.k, t.v, t.dout, t.dq, t.dk, t.dv);
            new CudaAttentionBackward(stream, mostScores).run(shape, STARTS, matrices);
            return t.results(device);
        }
    }

    private static float[] overACache(AttentionShape shape, long mostScores) {
        try (TestDevice device = open()) {
            Random random = new Random(5);
            int[][] blocks = {{3, 1, 6}, {0, 4}};
            PagedBatch all = new PagedBatch(new int[] {0, 41, 60}, new int[2], blocks, 16, KeyValuePrecision.INT8);
            PagedBatch last =
                    new PagedBatch(new int[] {0, 5, 6}, new int[] {36, 18}, blocks, 16, KeyValuePrecision.INT8);
            Buffer keys = device.zeros(7L * 16 * KeyValuePrecision.INT8.rowElements(shape));
            Buffer values = device.zeros(keys.elements());
            Buffer k = device.buffer(TestDevice.normal(random, 60 * shape.keyValueWidth()));
            Buffer v = device.buffer(TestDevice.normal(random, 60 * shape.keyValueWidth()));
            Buffer q = device.buffer(TestDevice.normal(random, 6 * shape.queryWidth()));
            Buffer out = device.zeros(6L * shape.queryWidth());
            var attention = new CudaAttention(stream(device.backend()), mostScores);
            attention.storeKeyValue(shape, all, k, v, keys, values);
            attention.paged(shape, last, q, keys, values, out);
            return device.read(out);
        }
    }
}
