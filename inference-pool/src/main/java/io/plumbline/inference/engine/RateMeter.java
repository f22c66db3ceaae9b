package io.plumbline.inference.engine;

/** Events per second over the last few seconds. For one thread. */
final class RateMeter {
    private static final int SLOTS = 5;
    private static final long NANOS = 1_000_000_000L;

    private final long[] counts = new long[SLOTS];
    private long currentSecond = Long.MIN_VALUE;
    private long firstSecond;

    void add(int count, long nanoTime) {
        advance(Math.floorDiv(nanoTime, NANOS));
        counts[slot(currentSecond)] += count;
    }

    /** The mean over the seconds of the window since the first event in it. */
    double perSecond(long nanoTime) {
        advance(Math.floorDiv(nanoTime, NANOS));
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return (double) sum / Math.clamp(currentSecond - firstSecond + 1, 1, SLOTS);
    }

    private void advance(long second) {
        if (second - currentSecond >= SLOTS || currentSecond == Long.MIN_VALUE) {
            java.util.Arrays.fill(counts, 0);
            firstSecond = second;
        } else {
            for (long s = currentSecond + 1; s <= second; s++) {
                counts[slot(s)] = 0;
            }
        }
        currentSecond = second;
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, SLOTS);
    }
}
