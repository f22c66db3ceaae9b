package io.plumbline.inference.kernel.cuda;

/**
 * The rows of a step sorted by adapter.
 *
 * @param listed numbers of the rows that have an adapter, by slot, ascending in each
 * @param start length slots + 1: slot s has the rows {@code listed[start[s]]} to {@code listed[start[s + 1] - 1]}
 */
record AdapterRows(int[] listed, int[] start) {
    /** @param adapterOfRow per row a slot, -1 = none */
    static AdapterRows of(int[] adapterOfRow, int slots) {
        int[] start = new int[slots + 1];
        for (int slot : adapterOfRow) {
            if (slot >= 0) {
                start[slot + 1]++;
            }
        }
        for (int s = 0; s < slots; s++) {
            start[s + 1] += start[s];
        }
        int[] listed = new int[start[slots]];
        int[] next = start.clone();
        for (int r = 0; r < adapterOfRow.length; r++) {
            if (adapterOfRow[r] >= 0) {
                listed[next[adapterOfRow[r]]++] = r;
            }
        }
        return new AdapterRows(listed, start);
    }

    int slots() {
        return start.length - 1;
    }

    int count(int slot) {
        return start[slot + 1] - start[slot];
    }

    /** The most rows that one adapter has. */
    int largest() {
        int largest = 0;
        for (int s = 0; s < slots(); s++) {
            largest = Math.max(largest, count(s));
        }
        return largest;
    }
}
