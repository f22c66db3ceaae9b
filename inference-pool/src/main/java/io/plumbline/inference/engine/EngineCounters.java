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
    private long proposedGuesses;
    private long acceptedGuesses;
    private long steps;
    private long failures;
    private long expired;
    private volatile EngineMetrics published = EngineMetrics.NONE;

    /** A step was computed of so many tokens. */
    void stepped(int computed) {
        steps++;
        computedTokens += computed;
    }

    /** So many tokens of an answer were drawn. */
    void drew(int tokens) {
        generatedTokens += tokens;
        rate.add(tokens, System.nanoTime());
    }

    /** Guesses were put to the test. */
    void tested(int proposed, int accepted) {
        proposedGuesses += proposed;
        acceptedGuesses += accepted;
    }

    /** A request has ended. */
    void ended(Sequence sequence) {
        cachedTokens += sequence.cachedTokens();
    }

    void failed() {
        failures++;
    }

    /** An answer was not complete in time. */
    void expired() {
        expired++;
    }

    void publish(Scheduler scheduler, BlockPool blocks) {
        published = new EngineMetrics(
                new EngineMetrics.Queue(scheduler.waiting(), scheduler.running()),
                new EngineMetrics.Cache(blocks.inUse(), blocks.capacity()),
                new EngineMetrics.Tokens(computedTokens, cachedTokens, generatedTokens),
                new EngineMetrics.Guesses(proposedGuesses, acceptedGuesses),
                steps,
                new EngineMetrics.Failures(failures, expired),
                scheduler.running() == 0 ? 0 : rate.perSecond(System.nanoTime()));
    }

    EngineMetrics snapshot() {
        return published;
    }
}
