package io.plumbline.inference.kvcache;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the blocks of a {@link KeyValueCache} and remembers what full blocks hold, so that a sequence that begins
 * like an earlier one of the same {@link CacheNamespace} takes over its blocks instead of computing them again.
 *
 * <p>The prefix index is a tree: an entry is a block's tokens below the entry of the block before it, compared token
 * by token and not by a hash, so that two different prefixes can never be mistaken for each other. A block nobody
 * holds any longer stays in the index until its memory is wanted, the longest unused one first.
 *
 * <p>For one thread.
 */
public final class BlockPool {
    private final int blockSize;
    private final int[] holders;
    private final @Nullable Entry[] entryOfBlock;
    /** Blocks without a holder, the longest unused first. */
    private final LinkedHashSet<Integer> free = new LinkedHashSet<>();

    private final Map<Key, Entry> index = new HashMap<>();

    /** {@code tokens} below {@code parent}: the entry of the block before, or the namespace for the first block. */
    private record Key(Object parent, IntBuffer tokens) {}

    /** A full block in the index; equal only to itself. */
    private static final class Entry {
        private final Key key;
        private final int block;

        Entry(Key key, int block) {
            this.key = key;
            this.block = block;
        }
    }

    /** A pool of {@code blocks} blocks of {@code blockSize} positions. */
    public BlockPool(int blocks, int blockSize) {
        if (blocks < 1 || blockSize < 1) {
            throw new IllegalArgumentException("impossible cache: %d blocks of %d".formatted(blocks, blockSize));
        }
        this.blockSize = blockSize;
        this.holders = new int[blocks];
        this.entryOfBlock = new Entry[blocks];
        for (int block = 0; block < blocks; block++) {
            free.add(block);
        }
    }

    public int blockSize() {
        return blockSize;
    }

    /** Positions that fit in all. */
    public long capacity() {
        return (long) holders.length * blockSize;
    }

    /** Positions in blocks that a sequence holds now. */
    public long inUse() {
        return (long) (holders.length - free.size()) * blockSize;
    }

    /**
     * Begins a sequence with as many cached blocks as its tokens have in the index, but never all of its tokens: the
     * last one must be computed to have logits.
     */
    public SequenceBlocks open(CacheNamespace namespace, int[] tokens) {
        SequenceBlocks sequence = new SequenceBlocks(namespace);
        for (int start = 0; start + blockSize < tokens.length; start += blockSize) {
            Entry entry = index.get(new Key(sequence.indexNode(), IntBuffer.wrap(tokens, start, blockSize)));
            if (entry == null) {
                break;
            }
            hold(entry.block);
            sequence.addCached(entry.block, entry, blockSize);
        }
        return sequence;
    }

    /**
     * Gives a sequence blocks for {@code positions} positions in all.
     *
     * @return false if there are not enough free blocks; then nothing has changed
     */
    public boolean reserve(SequenceBlocks sequence, int positions) {
        int missing = (positions + blockSize - 1) / blockSize - sequence.count();
        if (missing > free.size()) {
            return false;
        }
        for (int i = 0; i < missing; i++) {
            int block = free.getFirst();
            forget(block);
            hold(block);
            sequence.add(block);
        }
        return true;
    }

    /**
     * Enters the blocks into the index that are full now.
     *
     * @param tokens the sequence's tokens
     * @param computed how many of them have their keys and values in the cache
     */
    public void computed(SequenceBlocks sequence, int[] tokens, int computed) {
        while ((sequence.indexed() + 1) * blockSize <= computed) {
            int start = sequence.indexed() * blockSize;
            int block = sequence.block(sequence.indexed());
            Key key =
                    new Key(sequence.indexNode(), IntBuffer.wrap(Arrays.copyOfRange(tokens, start, start + blockSize)));
            Entry known = index.get(key);
            if (known == null) {
                known = new Entry(key, block);
                index.put(key, known);
                entryOfBlock[block] = known;
            }
            sequence.entered(known);
        }
    }

    /** Gives back a sequence's blocks; what they hold stays in the index as long as nobody needs the memory. */
    public void close(SequenceBlocks sequence) {
        // The last block goes first: a prefix is of use without its continuation, but not the other way round.
        for (int i = sequence.count() - 1; i >= 0; i--) {
            int block = sequence.block(i);
            if (--holders[block] == 0) {
                free.add(block);
            }
        }
        sequence.clear();
    }

    private void hold(int block) {
        if (holders[block]++ == 0) {
            free.remove(block);
        }
    }

    private void forget(int block) {
        Entry entry = entryOfBlock[block];
        if (entry != null) {
            index.remove(entry.key);
            entryOfBlock[block] = null;
        }
    }
}
