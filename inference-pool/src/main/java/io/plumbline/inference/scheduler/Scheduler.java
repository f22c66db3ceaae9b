package io.plumbline.inference.scheduler;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.SequenceBlocks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what the next step computes.
 *
 * <p>There is no prefill phase and no decode phase, only sequences whose computed tokens catch up with their known
 * tokens. A long prompt catches up over several steps while others generate; a sequence that lost its blocks simply has
 * everything to catch up with again; one that shares a cached prefix has less.
 *
 * <p>Every running sequence gets a token in every step; what is left of the step goes, a few tokens at a time, to the
 * tenant that has had the fewest. Sequences are admitted in the same order. For one thread.
 */
public final class Scheduler {
    /** Tokens handed out at a time; small enough to share a step, large enough to be cheap to compute. */
    private static final int QUANTUM = 16;

    private final SchedulerLimits limits;
    private final BlockPool blocks;
    private final FairShare share = new FairShare();
    private final Map<TenantId, Deque<Sequence>> waiting = new LinkedHashMap<>();
    /** In order of admission: the oldest keeps its blocks when memory runs out. */
    private final List<Sequence> running = new ArrayList<>();

    public Scheduler(SchedulerLimits limits, BlockPool blocks) {
        this.limits = limits;
        this.blocks = blocks;
    }

    /** A sequence comes in and waits. */
    public void add(Sequence sequence) {
        if (sequence.known() > blocks.capacity()) {
            throw new IllegalArgumentException("a sequence of %d tokens does not fit into a cache for %d"
                    .formatted(sequence.known(), blocks.capacity()));
        }
        share.enter(sequence.tenant());
        queue(sequence.tenant()).addLast(sequence);
    }

    /** What the next step computes, in order of admission; empty if there is nothing to do. */
    public List<Slice> next() {
        admit();
        int[] counts = distribute();
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            if (reserve(sequence, sequence.computed() + counts[i])) {
                slices.add(new Slice(sequence, sequence.computed(), counts[i]));
            }
        }
        guess(slices);
        return slices;
    }

    /** The step has been computed. */
    public void completed(List<Slice> slices) {
        for (Slice slice : slices) {
            Sequence sequence = slice.sequence();
            share.charge(sequence.tenant(), sequence.advance(slice.known()));
            blocks.computed(sequence.held(), sequence.tokenArray(), sequence.computed());
        }
    }

    /** A sequence is finished or given up; its blocks come back. */
    public void remove(Sequence sequence) {
        if (running.remove(sequence)) {
            blocks.close(sequence.held());
            sequence.release();
        } else {
            Deque<Sequence> queue = queue(sequence.tenant());
            if (!queue.remove(sequence)) {
                throw new IllegalStateException("sequence %d is not here".formatted(sequence.id()));
            }
            dropIfEmpty(sequence.tenant());
        }
        share.leave(sequence.tenant());
    }

    public int running() {
        return running.size();
    }

    public int waiting() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    private void admit() {
        while (running.size() < limits.maxSequences()) {
            Optional<TenantId> tenant = waiting.keySet().stream().min(Comparator.comparingLong(share::served));
            if (tenant.isEmpty()) {
                return;
            }
            Sequence sequence = queue(tenant.get()).getFirst();
            SequenceBlocks taken = blocks.open(sequence.namespace(), sequence.tokens());
            // Not before its whole prompt fits: half a prompt holds memory and answers nothing. And nobody is let past
            // it, or a long prompt would wait for ever.
            if (!blocks.reserve(taken, sequence.known())) {
                blocks.close(taken);
                return;
            }
            queue(tenant.get()).removeFirst();
            dropIfEmpty(tenant.get());
            share.charge(sequence.tenant(), sequence.admit(taken));
            running.add(sequence);
        }
    }

    /** How many tokens each running sequence gets. */
    private int[] distribute() {
        int[] counts = new int[running.size()];
        java.util.Arrays.fill(counts, 1);
        int rest = limits.tokensPerStep() - running.size();
        Map<TenantId, Long> served = new LinkedHashMap<>();
        running.forEach(s -> served.put(s.tenant(), share.served(s.tenant())));
        while (rest > 0) {
            int next = leastServed(counts, served);
            if (next < 0) {
                break;
            }
            int grant = Math.min(Math.min(QUANTUM, rest), running.get(next).missing() - counts[next]);
            counts[next] += grant;
            rest -= grant;
            served.merge(running.get(next).tenant(), (long) grant, Long::sum);
        }
        return counts;
    }

    private int leastServed(int[] counts, Map<TenantId, Long> served) {
        int best = -1;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < counts.length; i++) {
            long had = served.getOrDefault(running.get(i).tenant(), 0L);
            if (running.get(i).missing() > counts[i] && had < least) {
                best = i;
                least = had;
            }
        }
        return best;
    }

    /**
     * Fills a small step up with guesses, evenly. They take neither a token of the step nor a block from any other
     * sequence, and a wrong one is as if it had not been.
     */
    private void guess(List<Slice> slices) {
        int room = limits.guessedUpTo() - slices.stream().mapToInt(Slice::count).sum();
        for (int i = 0; i < slices.size() && room > 0; i++) {
            Slice slice = slices.get(i);
            if (slice.catchesUp()) {
                int guesses = guess(slice.sequence(), Math.ceilDiv(room, slices.size() - i));
                slices.set(i, new Slice(slice.sequence(), slice.first(), slice.count() + guesses, guesses));
                room -= guesses;
            }
        }
    }

    /** Returns how many tokens were guessed; one less than may still come, because behind the last one more is drawn. */
    private int guess(Sequence sequence, int most) {
        int guesses = sequence.guess(Math.min(most, sequence.mostTokens() - sequence.known() - 1));
        if (guesses > 0 && !blocks.reserve(sequence.held(), sequence.known() + guesses)) {
            sequence.dropGuesses();
            return 0;
        }
        return guesses;
    }

    /** Makes room for a sequence, at the expense of those that were admitted after it; false if it had to go itself. */
    private boolean reserve(Sequence sequence, int positions) {
        while (!blocks.reserve(sequence.held(), positions)) {
            Sequence last = running.removeLast();
            blocks.close(last.held());
            last.release();
            queue(last.tenant()).addFirst(last);
            if (last == sequence) {
                return false;
            }
        }
        return true;
    }

    private Deque<Sequence> queue(TenantId tenant) {
        return waiting.computeIfAbsent(tenant, t -> new ArrayDeque<>());
    }

    private void dropIfEmpty(TenantId tenant) {
        waiting.computeIfPresent(tenant, (t, queue) -> queue.isEmpty() ? null : queue);
    }
}
