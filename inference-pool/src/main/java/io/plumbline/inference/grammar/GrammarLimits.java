package io.plumbline.inference.grammar;

/**
 * What one grammar may cost, so that no schema can hold up an engine.
 *
 * @param nodes parts of a grammar
 * @param nesting depth of nodes within each other
 * @param recursion how deep recursive rules may be within each other in an answer
 * @param threads ways in which a text so far can be understood at the same time
 * @param work steps that computing one mask may take; one step moves one way by one byte
 * @param states states that are kept; more are forgotten and computed again
 * @param maskBytes as much for masks
 */
public record GrammarLimits(int nodes, int nesting, int recursion, int threads, long work, int states, long maskBytes) {
    public static GrammarLimits defaults() {
        return new GrammarLimits(200_000, 400, 64, 4_000, 4_000_000, 40_000, 16L << 20);
    }
}
