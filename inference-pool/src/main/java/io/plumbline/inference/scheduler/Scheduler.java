package io.plumbline.inference.scheduler;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.SequenceBlocks;
import io.plumbline.inference.pool.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what the next step computes.
 *
 * <p>There is no prefill phase and no decode phase, only sequences whose computed tokens catch up with their known
 * tokens. A long prompt catches up over several steps while others generate; a sequence that lost its blocks simply has
 * everything to catch up with again; one that shares a cached prefix has less.
 *
 * <p>Every running sequence gets a token in every step; what is left of the step goes, a few tokens at a time, to the
 * class of priority that is furthest behind its share, and in it to the tenant that has had the fewest. Sequences are
 * admitted in the same order; where no place is free, one of a lower class that has had more than its share makes room.
 * For one thread.
 */
public final class Scheduler {
    /** Tokens handed out at a time; small enough to share a step, large enough to be cheap to compute. */
    private static final int QUANTUM = 16;

    private final SchedulerLimits limits;
    private final BlockPool blocks;
    private final Turns turns = new Turns();
    private final WaitingSequences waiting = new WaitingSequences();
    /** In order of admission: the oldest keeps its blocks when memory runs out. */
    private final List<Sequence> running = new ArrayList<>();

    private final Set<Sequence> parked = new HashSet<>();

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
        turns.enter(sequence);
        waiting.addLast(sequence);
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
            turns.charge(sequence, sequence.advance(slice.known()));
            blocks.computed(sequence.held(), sequence.tokenArray(), sequence.computed());
        }
    }

    /** A sequence is not wanted for a while: its place and its blocks go to others. */
    public void park(Sequence sequence) {
        if (running.contains(sequence)) {
            preempt(sequence);
        }
        if (waiting.remove(sequence)) {
            parked.add(sequence);
        }
    }

    /** A parked sequence is wanted again; does nothing if it is not parked. */
    public void resume(Sequence sequence) {
        if (parked.remove(sequence)) {
            waiting.addFirst(sequence);
        }
    }

    /** A sequence is finished or given up; its blocks come back. */
    public void remove(Sequence sequence) {
        if (running.remove(sequence)) {
            blocks.close(sequence.held());
            sequence.release();
        } else if (!waiting.remove(sequence) && !parked.remove(sequence)) {
            throw new IllegalStateException("sequence %d is not here".formatted(sequence.id()));
        }
        turns.leave(sequence);
    }

    public int running() {
        return running.size();
    }

    /** Sequences that wait, for a place or for their reader. */
    public int waiting() {
        return waiting.size() + parked.size();
    }

    private void admit() {
        boolean admitted = true;
        while (admitted) {
            // Nobody is let past whose turn it is, or a long prompt would wait for ever.
            Optional<Sequence> next = waiting.first(turns.order(), this::mayRun);
            admitted = next.isPresent() && admit(next.get());
        }
    }

    /**
     * Not if its tenant has its share of places; and not while a running sequence computes what it begins with as well:
     * answers to one prompt that come together compute it once.
     */
    private boolean mayRun(Sequence sequence) {
        int ofTenant = 0;
        for (Sequence other : running) {
            if (sequence.awaitsPrefixOf(other, blocks.blockSize())) {
                return false;
            }
            if (other.tenant().equals(sequence.tenant())) {
                ofTenant++;
            }
        }
        return ofTenant < limits.maxOfTenant();
    }

    /** Not before its whole prompt fits: half a prompt holds memory and answers nothing. */
    private boolean admit(Sequence sequence) {
        if (running.size() >= limits.maxSequences() && !makePlaceFor(sequence)) {
            return false;
        }
        SequenceBlocks taken = blocks.open(sequence.namespace(), sequence.tokens());
        while (!blocks.reserve(taken, sequence.known())) {
            if (!makePlaceFor(sequence)) {
                blocks.close(taken);
                return false;
            }
        }
        waiting.remove(sequence);
        turns.charge(sequence, sequence.admit(taken));
        running.add(sequence);
        return true;
    }

    /** The youngest that has to give way does so. */
    private boolean makePlaceFor(Sequence sequence) {
        for (Sequence other : running.reversed()) {
            if (turns.givesWay(other, sequence)) {
                preempt(other);
                return true;
            }
        }
        return false;
    }

    /** A running sequence starts again later; it keeps its tokens, and its blocks as long as nobody needs them. */
    private void preempt(Sequence sequence) {
        running.remove(sequence);
        blocks.close(sequence.held());
        sequence.release();
        waiting.addFirst(sequence);
    }

    /** How many tokens each running sequence gets. */
    private int[] distribute() {
        int[] counts = new int[running.size()];
        Arrays.fill(counts, 1);
        int rest = limits.tokensPerStep() - running.size();
        Map<Priority, Long> ofClass = new EnumMap<>(Priority.class);
        Map<TenantId, Long> ofTenant = new HashMap<>();
        for (Sequence sequence : running) {
            ofClass.put(sequence.priority(), turns.served(sequence.priority()));
            ofTenant.put(sequence.tenant(), turns.served(sequence.tenant()));
        }
        while (rest > 0) {
            int next = -1;
            for (int i = 0; i < counts.length; i++) {
                boolean wants = running.get(i).missing() > counts[i];
                if (wants && (next < 0 || before(running.get(i), running.get(next), ofClass, ofTenant))) {
                    next = i;
                }
            }
            if (next < 0) {
                break;
            }
            Sequence sequence = running.get(next);
            int grant = Math.min(Math.min(QUANTUM, rest), sequence.missing() - counts[next]);
            counts[next] += grant;
            rest -= grant;
            ofClass.merge(sequence.priority(), (long) grant * Turns.weight(sequence.priority()), Long::sum);
            ofTenant.merge(sequence.tenant(), (long) grant, Long::sum);
        }
        return counts;
    }

    private static boolean before(
            Sequence one, Sequence other, Map<Priority, Long> ofClass, Map<TenantId, Long> ofTenant) {
        long classes = ofClass.getOrDefault(one.priority(), 0L) - ofClass.getOrDefault(other.priority(), 0L);
        long tenants = ofTenant.getOrDefault(one.tenant(), 0L) - ofTenant.getOrDefault(other.tenant(), 0L);
        return classes < 0 || (one.priority() == other.priority() && tenants < 0);
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
            Sequence last = running.getLast();
            preempt(last);
            if (last == sequence) {
                return false;
            }
        }
        return true;
    }
}
