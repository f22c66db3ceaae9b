package io.plumbline.inference.kvcache;

import java.util.Arrays;

/** The blocks of one sequence: position p lives in block {@code table()[p / blockSize]}. Made by {@link BlockPool}. */
public final class SequenceBlocks {
    private int[] blocks = new int[8];
    private int count;
    private int cachedTokens;
    /** Blocks that are entered in the prefix index. */
    private int indexed;
    /** The index entry of the last of them; before the first, the namespace. */
    private Object indexNode;

    SequenceBlocks(Object root) {
        this.indexNode = root;
    }

    /** Block numbers in order of position. */
    public int[] table() {
        return Arrays.copyOf(blocks, count);
    }

    /** Number of blocks held. */
    public int count() {
        return count;
    }

    /** Positions at the start that were taken from the prefix index. */
    public int cachedTokens() {
        return cachedTokens;
    }

    void add(int block) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * count);
        }
        blocks[count++] = block;
    }

    void addCached(int block, Object node, int blockSize) {
        add(block);
        cachedTokens += blockSize;
        entered(node);
    }

    void entered(Object node) {
        indexed++;
        indexNode = node;
    }

    int indexed() {
        return indexed;
    }

    Object indexNode() {
        return indexNode;
    }

    int block(int index) {
        return blocks[index];
    }

    void clear() {
        count = 0;
    }
}
