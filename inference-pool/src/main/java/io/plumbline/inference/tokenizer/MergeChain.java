package io.plumbline.inference.tokenizer;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909): a chain of symbols in which the pair of lowest rank, of
 * equal ranks the leftmost, is merged until no pair is left. A heap of candidates over a doubly linked list takes O(n
 * log n) where the textbook's rescanning takes O(n²).
 */
final class MergeChain {
    private static final int NONE = -1;
    private static final int GONE = -2;

    /** Token per symbol, -1 if its text is no token; a symbol keeps its index while others merge into it. */
    private final int[] tokens;

    private final int[] ends;
    private final int[] previous;
    private final int[] next;
    private final MergeRule rule;
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

    /** A pair as it was when it was found; out of date as soon as one of its borders has moved. */
    private record Candidate(int rank, int left, int border, int end, int token) implements Comparable<Candidate> {
        private static final Comparator<Candidate> ORDER =
                Comparator.comparingInt(Candidate::rank).thenComparingInt(Candidate::left);

        @Override
        public int compareTo(Candidate other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * @param tokens token per symbol, -1 if none; changed in place
     * @param ends where each symbol ends in the text, ascending; changed in place
     */
    MergeChain(int[] tokens, int[] ends, MergeRule rule) {
        this.tokens = tokens;
        this.ends = ends;
        this.rule = rule;
        previous = new int[tokens.length];
        next = new int[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < tokens.length ? i + 1 : NONE;
        }
    }

    /** Merges until no two neighbours merge any more. */
    void mergeAll() {
        for (int i = 0; i + 1 < tokens.length; i++) {
            propose(i, i + 1);
        }
        for (Candidate best = candidates.poll(); best != null; best = candidates.poll()) {
            int left = best.left();
            if (ends[left] != best.border() || next[left] == NONE || ends[next[left]] != best.end()) {
                continue;
            }
            absorbNext(left);
            tokens[left] = best.token();
            if (previous[left] != NONE) {
                propose(previous[left], left);
            }
            if (next[left] != NONE) {
                propose(left, next[left]);
            }
        }
    }

    private void absorbNext(int left) {
        int right = next[left];
        ends[left] = ends[right];
        ends[right] = GONE;
        next[left] = next[right];
        if (next[right] != NONE) {
            previous[next[right]] = left;
        }
    }

    private void propose(int left, int right) {
        long merge = rule.merge(tokens[left], tokens[right], start(left), ends[right]);
        if (merge != MergeRule.NO_MERGE) {
            candidates.add(new Candidate((int) (merge >>> 32), left, ends[left], ends[right], (int) merge));
        }
    }

    /** The symbol after {@code symbol}, or -1. The first symbol is always 0. */
    int next(int symbol) {
        return next[symbol];
    }

    int token(int symbol) {
        return tokens[symbol];
    }

    int start(int symbol) {
        return previous[symbol] == NONE ? 0 : ends[previous[symbol]];
    }

    int end(int symbol) {
        return ends[symbol];
    }
}
