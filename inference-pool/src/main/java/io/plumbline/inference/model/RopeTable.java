package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;

/**
 * Cosines and sines of a rotary embedding in a backend's memory, computed as far as positions have been used: a long
 * context costs neither time at load nor memory before it is needed. For one thread.
 */
final class RopeTable implements AutoCloseable {
    /** Positions computed at a time. */
    private static final int CHUNK = 256;

    private final RopePlan rope;
    private final float[] divisors;
    private final DeviceMemory memory;
    private final Buffer table;
    private final int capacity;
    private int computed;

    /**
     * @param positions most positions
     * @param divisors per pair what its frequency is divided by; empty = 1
     */
    RopeTable(RopePlan rope, int positions, float[] divisors, DeviceMemory memory) {
        this.rope = rope;
        this.divisors = divisors;
        this.memory = memory;
        this.capacity = positions;
        this.table = memory.allocate((long) positions * rope.rotaryDim());
    }

    /** The table, [most positions, rotaryDim], of which the rows of these positions are there. */
    Buffer reaching(int[] positions) {
        int last = -1;
        for (int position : positions) {
            last = Math.max(last, position);
        }
        while (computed <= last && computed < capacity) {
            int count = Math.min(CHUNK, capacity - computed);
            float[] rows = rope.table(computed, count, divisors);
            memory.write(table, (long) computed * rope.rotaryDim(), rows, 0, rows.length);
            computed += count;
        }
        return table;
    }

    @Override
    public void close() {
        table.close();
    }
}
