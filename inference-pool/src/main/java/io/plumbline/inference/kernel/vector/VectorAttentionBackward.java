package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.AttentionShape;

/**
 * Gradients of causal attention. With p the softmax and dp[j] = dout·v[j]: {@code ds[j] = scale·p[j]·(dp[j] - Σ p·dp)},
 * {@code dq = Σ_j ds[j]·k[j]}, {@code dk[j] = Σ_i ds[i,j]·q[i]}, {@code dv[j] = Σ_i p[i,j]·dout[i]}. One task is one
 * sequence and key head; heads that share it add to it one after another, queries ascending.
 */
record VectorAttentionBackward(
        AttentionShape shape, int[] sequenceStart, Addresses forward, long dout, long dq, long dk, long dv) {
    private static final int FLOAT = Float.BYTES;
    private static final int POINTER = Long.BYTES;

    /** Queries, keys and values. */
    record Addresses(long q, long k, long v) {}

    void run(WorkerPool pool) {
        int longest = 0;
        for (int s = 0; s + 1 < sequenceStart.length; s++) {
            longest = Math.max(longest, sequenceStart[s + 1] - sequenceStart[s]);
        }
        int keyHeads = shape.keyValueHeads();
        pool.reserve((2L * POINTER + 2L * FLOAT) * (longest + Lanes.CANONICAL));
        pool.run((sequenceStart.length - 1) * keyHeads, (task, table) -> head(task / keyHeads, task % keyHeads, table));
    }

    private void head(int sequence, int keyHead, long keyTable) {
        int start = sequenceStart[sequence];
        int rows = sequenceStart[sequence + 1] - start;
        long rowBytes = (long) shape.keyValueWidth() * FLOAT;
        long offset = start * rowBytes + (long) keyHead * shape.headDim() * FLOAT;
        long valueTable = keyTable + (long) rows * POINTER;
        Native.rowTable(keyTable, forward.k() + offset, rows, rowBytes);
        Native.rowTable(valueTable, forward.v() + offset, rows, rowBytes);
        for (int r = 0; r < rows; r++) {
            Native.zeroFloats(dk + offset + r * rowBytes, shape.headDim());
            Native.zeroFloats(dv + offset + r * rowBytes, shape.headDim());
        }
        int group = shape.heads() / shape.keyValueHeads();
        for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
            for (int r = 0; r < rows; r++) {
                long at = ((long) (start + r) * shape.heads() + h) * shape.headDim() * FLOAT;
                row(r, at, offset, new Tables(keyTable, valueTable, valueTable + (long) rows * POINTER));
            }
        }
    }

    /** Tables of key and value rows, and memory for two rows of scores behind them. */
    private record Tables(long keys, long values, long scores) {}

    /** One query: its dq, and its share of dk and dv. */
    private void row(int r, long at, long offset, Tables tables) {
        int dim = shape.headDim();
        int first = VectorAttention.firstVisible(shape, r);
        int count = r + 1 - first;
        long rowBytes = (long) shape.keyValueWidth() * FLOAT;
        long keys = tables.keys() + (long) first * POINTER;
        long p = tables.scores();
        long dp = p + (long) count * FLOAT;
        RowProducts.dots(forward.q() + at, keys, count, dim, p);
        RowProducts.dots(dout + at, tables.values() + (long) first * POINTER, count, dim, dp);
        RowFunctions.scale(p, count, shape.scale());
        RowFunctions.scale(p, count, 1f / RowFunctions.exponentials(p, count));
        float along = RowProducts.dot(p, dp, count);
        for (int j = 0; j < count; j++) {
            long element = (long) j * FLOAT;
            float pj = Native.floatAt(p + element);
            float ds = shape.scale() * (pj * (Native.floatAt(dp + element) - along));
            Native.putFloat(dp + element, ds);
            long to = offset + (first + j) * rowBytes;
            RowFunctions.addScaled(ds, forward.q() + at, dk + to, dim);
            RowFunctions.addScaled(pj, dout + at, dv + to, dim);
        }
        OuterProducts.of(dp, keys, count, dim).into(dq + at, 1f, OuterProducts.Mode.SET);
    }
}
