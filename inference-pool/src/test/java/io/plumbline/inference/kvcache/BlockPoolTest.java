package io.plumbline.inference.kvcache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plumbline.inference.TenantId;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
    private static final CacheNamespace HOSPITAL = new CacheNamespace(TenantId.of("hospital"), 0);
    private static final CacheNamespace HOSPITAL_ADAPTER = new CacheNamespace(TenantId.of("hospital"), 1);
    private static final CacheNamespace BROKER = new CacheNamespace(TenantId.of("broker"), 0);

    private final BlockPool pool = new BlockPool(8, 4);

    @Test
    void givesAndTakesBackBlocks() {
        SequenceBlocks sequence = pool.open(HOSPITAL, tokens(5));
        assertTrue(pool.reserve(sequence, 5));
        assertEquals(2, sequence.count());
        assertEquals(8, pool.inUse());
        assertTrue(pool.reserve(sequence, 8), "the second block has room for eight");
        assertEquals(2, sequence.count());
        pool.close(sequence);
        assertEquals(0, pool.inUse());
    }

    @Test
    void refusesMoreThanItHasAndChangesNothing() {
        SequenceBlocks first = pool.open(HOSPITAL, tokens(20));
        assertTrue(pool.reserve(first, 20));
        SequenceBlocks second = pool.open(BROKER, tokens(16));
        assertFalse(pool.reserve(second, 16));
        assertEquals(0, second.count());
        assertEquals(20, pool.inUse());
    }

    @Test
    void reusesThePrefixOfTheSameTenantAndAdapter() {
        int[] table = computed(HOSPITAL, tokens(10));

        SequenceBlocks again = pool.open(HOSPITAL, tokens(12));
        assertEquals(8, again.cachedTokens());
        assertArrayEquals(Arrays.copyOf(table, 2), again.table());
    }

    @Test
    void neverReusesAcrossTenantsOrAdapters() {
        computed(HOSPITAL, tokens(10));

        assertEquals(0, pool.open(BROKER, tokens(10)).cachedTokens());
        assertEquals(0, pool.open(HOSPITAL_ADAPTER, tokens(10)).cachedTokens());
    }

    @Test
    void leavesTheLastTokenToBeComputed() {
        computed(HOSPITAL, tokens(8));

        assertEquals(4, pool.open(HOSPITAL, tokens(8)).cachedTokens());
    }

    @Test
    void stopsAtTheFirstDifference() {
        computed(HOSPITAL, tokens(12));
        int[] other = tokens(13);
        other[5] = 99;

        assertEquals(4, pool.open(HOSPITAL, other).cachedTokens());
    }

    @Test
    void blocksInTheMiddleAreNotFoundUnderAnotherBeginning() {
        computed(HOSPITAL, tokens(12));
        int[] other = tokens(13);
        other[0] = 99;

        assertEquals(0, pool.open(HOSPITAL, other).cachedTokens());
    }

    @Test
    void sharedBlocksComeBackWithTheirLastHolder() {
        computed(HOSPITAL, tokens(8));
        SequenceBlocks a = pool.open(HOSPITAL, tokens(9));
        SequenceBlocks b = pool.open(HOSPITAL, tokens(9));
        assertEquals(8, pool.inUse());
        pool.close(a);
        assertEquals(8, pool.inUse());
        pool.close(b);
        assertEquals(0, pool.inUse());
    }

    @Test
    void forgetsThePrefixWhenItsMemoryIsWanted() {
        computed(HOSPITAL, tokens(8));
        SequenceBlocks all = pool.open(BROKER, tokens(32));
        assertTrue(pool.reserve(all, 32));
        pool.close(all);

        assertEquals(0, pool.open(HOSPITAL, tokens(9)).cachedTokens());
    }

    @Test
    void wantsTheEndOfAPrefixBackBeforeItsBeginning() {
        computed(HOSPITAL, tokens(12));
        SequenceBlocks others = pool.open(BROKER, IntStream.range(100, 124).toArray());
        assertTrue(pool.reserve(others, 24), "six of eight blocks: five unused ones and the end of the prefix");

        assertEquals(8, pool.open(HOSPITAL, tokens(13)).cachedTokens());
    }

    /** Computes a sequence, gives it back, and tells where it was. */
    private int[] computed(CacheNamespace namespace, int[] tokens) {
        SequenceBlocks sequence = pool.open(namespace, tokens);
        assertTrue(pool.reserve(sequence, tokens.length));
        pool.computed(sequence, tokens, tokens.length);
        int[] table = sequence.table();
        pool.close(sequence);
        return table;
    }

    private static int[] tokens(int count) {
        return IntStream.range(0, count).toArray();
    }
}
