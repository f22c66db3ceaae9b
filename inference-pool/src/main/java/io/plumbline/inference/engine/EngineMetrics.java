package io.plumbline.inference.engine;

/**
 * What an engine has done since it started, and what it is doing.
 *
 * @param queue requests waiting and running
 * @param cache positions of the key/value cache
 * @param tokens totals
 * @param guesses totals of speculation
 * @param steps forward passes
 * @param failures requests without an answer
 * @param tokensPerSecond tokens generated in the last few seconds, by second; 0 when idle
 */
public record EngineMetrics(
        Queue queue,
        Cache cache,
        Tokens tokens,
        Guesses guesses,
        long steps,
        Failures failures,
        double tokensPerSecond) {
    static final EngineMetrics NONE = new EngineMetrics(
            new Queue(0, 0), new Cache(0, 0), new Tokens(0, 0, 0), new Guesses(0, 0), 0, new Failures(0, 0), 0);

    /** Requests. */
    public record Queue(int waiting, int running) {}

    /** Positions held by running sequences, and positions there are. */
    public record Cache(long inUse, long capacity) {}

    /** Tokens that went through the model (wrong guesses too), prompt tokens taken from the prefix cache instead, tokens generated. */
    public record Tokens(long computed, long cached, long generated) {}

    /** Tokens that were computed because they might come next, and those of them that did. */
    public record Guesses(long proposed, long accepted) {}

    /** Requests that the engine failed, and requests whose time was over. */
    public record Failures(long failed, long expired) {}
}
