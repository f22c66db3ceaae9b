package io.plumbline.inference.engine;

import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.scheduler.Scheduler;
import io.plumbline.inference.scheduler.Sequence;

/** Counts on the engine's thread and publishes snapshots for every other. */
final class EngineCounters {
    private final RateMeter rate = new RateMeter();
    private long computedTokens;
    private long cachedTokens;
    private long generatedTokens;
    private long steps;
    private long failures;
    private volatile EngineMetrics published = EngineMetrics.NONE;

    /**
     * A step was computed.
     *
     * @param computed tokens that went through the model
     * @param generated sequences that got a token
     */
    void stepped(int computed, int generated) {
        steps++;
        computedTokens += computed;
        generatedTokens += generated;
        rate.add(generated, System.nanoTime());
    }

    /** A request has ended. */
    void ended(Sequence sequence) {
        cachedTokens += sequence.cachedTokens();
    }

    void failed() {
        failures++;
    }

    void publish(Scheduler scheduler, BlockPool blocks) {
        published = new EngineMetrics(
                new EngineMetrics.Queue(scheduler.waiting(), scheduler.running()),
                new EngineMetrics.Cache(blocks.inUse(), blocks.capacity()),
                new EngineMetrics.Tokens(computedTokens, cachedTokens, generatedTokens),
                steps,
                failures,
                scheduler.running() == 0 ? 0 : rate.perSecond(System.nanoTime()));
    }

    EngineMetrics snapshot() {
        return published;
    }
}
