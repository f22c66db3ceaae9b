package io.plumbline.inference.kernel;

import static io.plumbline.inference.kernel.ContractAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Attention over whole sequences and over caches of either precision. */
interface AttentionContract {
    TestDevice device();

    @Test
    default void attentionAndItsGradients() {
        for (AttentionShape shape : List.of(
                new AttentionShape(3, 1, 8, 0.4f, 0),
                new AttentionShape(4, 2, 5, 0.3f, 3),
                new AttentionShape(2, 2, 16, 0.25f, 0))) {
            int rows = 7;
            Random random = new Random(5);
            float[] q = TestDevice.normal(random, rows * shape.queryWidth());
            float[] k = TestDevice.normal(random, rows * shape.keyValueWidth());
            float[] v = TestDevice.normal(random, rows * shape.keyValueWidth());
            float[] dout = TestDevice.normal(random, rows * shape.queryWidth());
            Buffer out = device().zeros(q.length);
            Buffer dq = device().buffer(q);
            Buffer dk = device().buffer(k);
            Buffer dv = device().buffer(v);
            int[] start = {0, rows};
            Buffer bufferQ = device().buffer(q);
            Buffer bufferK = device().buffer(k);
            Buffer bufferV = device().buffer(v);
            device().kernels().attention(shape, start, bufferQ, bufferK, bufferV, out);
            device().kernels()
                    .attentionBackward(shape, start, bufferQ, bufferK, bufferV, device().buffer(dout), dq, dk, dv);
            double[] wq = DoubleFormulas.widen(q);
            double[] wk = DoubleFormulas.widen(k);
            double[] wv = DoubleFormulas.widen(v);
            double[] weights = DoubleFormulas.widen(dout);
            assertClose(device().read(out), DoubleFormulas.attention(shape, rows, wq, wk, wv), 1e-6);
            assertClose(
                    device().read(dq),
                    DoubleFormulas.gradient(
                            wq, x -> DoubleFormulas.dot(weights, DoubleFormulas.attention(shape, rows, x, wk, wv))),
                    1e-5);
            assertClose(
                    device().read(dk),
                    DoubleFormulas.gradient(
                            wk, x -> DoubleFormulas.dot(weights, DoubleFormulas.attention(shape, rows, wq, x, wv))),
                    1e-5);
            assertClose(
                    device().read(dv),
                    DoubleFormulas.gradient(
                            wv, x -> DoubleFormulas.dot(weights, DoubleFormulas.attention(shape, rows, wq, wk, x))),
                    1e-5);
        }
    }

    @Test
    default void aCacheOf8BitsIsCloseToOneOfFloats() {
        AttentionShape shape = new AttentionShape(6, 2, 64, 0.125f, 0);
        int rows = 30;
        Random random = new Random(4);
        Buffer q = device().buffer(TestDevice.normal(random, rows * shape.queryWidth()));
        Buffer k = device().buffer(TestDevice.normal(random, rows * shape.keyValueWidth()));
        Buffer v = device().buffer(TestDevice.normal(random, rows * shape.keyValueWidth()));
        float[] exact = paged(shape, KeyValuePrecision.FLOAT32, rows, q, k, v);
        float[] rounded = paged(shape, KeyValuePrecision.INT8, rows, q, k, v);
        assertThat(rounded).isNotEqualTo(exact);
        // Half a code of a block whose largest element is about 3, in the keys and in the values.
        assertClose(rounded, DoubleFormulas.widen(exact), 0.01);
    }

    private float[] paged(AttentionShape shape, KeyValuePrecision precision, int rows, Buffer q, Buffer k, Buffer v) {
        PagedBatch batch = new PagedBatch(new int[] {0, rows}, new int[1], new int[][] {{1, 0}}, 16, precision);
        Buffer keys = device().zeros(32L * precision.rowElements(shape));
        Buffer values = device().zeros(keys.elements());
        Buffer out = device().zeros((long) rows * shape.queryWidth());
        device().kernels().storeKeyValue(shape, batch, k, v, keys, values);
        device().kernels().pagedAttention(shape, batch, q, keys, values, out);
        return device().read(out);
    }

    @Test
    default void aCacheOf8BitsIsCheckedAtTheDoor() {
        PagedBatch batch = new PagedBatch(new int[] {0, 1}, new int[1], new int[][] {{0}}, 1, KeyValuePrecision.INT8);
        Buffer row = device().zeros(64);
        Buffer cache = device().zeros(18);
        AttentionShape shape = new AttentionShape(2, 2, 32, 1, 0);
        device().kernels().storeKeyValue(shape, batch, row, row, cache, device().zeros(18));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device().kernels().storeKeyValue(shape, batch, row, row, cache, device().zeros(17)))
                .withMessage("block 0 of sequence 0 is 0, not in 0 … -1");
        AttentionShape odd = new AttentionShape(1, 1, 40, 1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device().kernels().pagedAttention(odd, batch, row, cache, cache, row))
                .withMessageContaining("multiple of 32, not 40");
    }
}
