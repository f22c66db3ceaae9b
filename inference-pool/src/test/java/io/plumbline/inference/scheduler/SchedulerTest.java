package io.plumbline.inference.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.CacheNamespace;
import io.plumbline.inference.pool.Priority;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");

    private final BlockPool blocks = new BlockPool(64, 4);
    private long nextId;

    @Test
    void aLongPromptCatchesUpOverSeveralSteps() {
        Scheduler scheduler = scheduler(16, 4);
        Sequence sequence = add(scheduler, HOSPITAL, 40);

        assertEquals(List.of(16, 16, 8), List.of(step(scheduler), step(scheduler), step(scheduler)));
        assertEquals(40, sequence.computed());
        assertEquals(41, sequence.known(), "the step that caught up drew a token");
    }

    @Test
    void whoGeneratesGetsATokenInEveryStepWhileALongPromptCatchesUp() {
        Scheduler scheduler = scheduler(16, 4);
        Sequence generating = add(scheduler, HOSPITAL, 4);
        step(scheduler);
        add(scheduler, BROKER, 60);

        int before = generating.known();
        step(scheduler);
        step(scheduler);
        step(scheduler);
        assertEquals(before + 3, generating.known());
    }

    @Test
    void noMoreSequencesRunThanAllowed() {
        Scheduler scheduler = scheduler(16, 2);
        for (int i = 0; i < 5; i++) {
            add(scheduler, HOSPITAL, 2);
        }
        scheduler.next();
        assertEquals(2, scheduler.running());
        assertEquals(3, scheduler.waiting());
    }

    @Test
    void aTenantWithManyRequestsDoesNotShutOutOneWithFew() {
        Scheduler scheduler = scheduler(16, 2);
        for (int i = 0; i < 10; i++) {
            add(scheduler, HOSPITAL, 8);
        }
        Sequence late = add(scheduler, BROKER, 8);

        List<Slice> first = scheduler.next();
        assertTrue(first.stream().anyMatch(slice -> slice.sequence() == late), "the second place is the broker's");
    }

    @Test
    void tokensAreSharedEquallyWhetherPromptsAreLongOrShort() {
        Scheduler scheduler = scheduler(32, 8);
        Map<TenantId, Integer> served = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            if (i % 4 == 0) {
                add(scheduler, HOSPITAL, 30);
            }
            add(scheduler, BROKER, 7);
        }
        for (int i = 0; i < 40; i++) {
            for (Slice slice : scheduler.next()) {
                served.merge(slice.sequence().tenant(), slice.count(), Integer::sum);
                scheduler.completed(List.of(slice));
                if (slice.sequence().missing() == 0) {
                    scheduler.remove(slice.sequence());
                }
            }
        }
        int hospital = served.getOrDefault(HOSPITAL, 0);
        int broker = served.getOrDefault(BROKER, 0);
        assertEquals(40 * 32, hospital + broker);
        // A prompt is charged when it is admitted, so the two may differ by what is admitted and not yet computed.
        assertTrue(Math.abs(hospital - broker) <= 4 * 30, "hospital %d, broker %d".formatted(hospital, broker));
    }

    @Test
    void whenMemoryRunsOutTheYoungestStartsAgainAndNothingIsLost() {
        BlockPool small = new BlockPool(8, 4);
        Scheduler scheduler = new Scheduler(new SchedulerLimits(32, 4), small);
        Sequence old = sequence(HOSPITAL, 10);
        Sequence young = sequence(BROKER, 12);
        scheduler.add(old);
        scheduler.add(young);

        int known = 0;
        for (int i = 0; i < 12; i++) {
            known = young.known();
            step(scheduler);
        }
        assertEquals(1, scheduler.running(), "32 positions do not hold both");
        assertEquals(1, scheduler.waiting());
        assertEquals(known, young.known(), "it keeps the tokens it has generated");
        assertEquals(22, old.known());

        scheduler.remove(old);
        step(scheduler);
        assertEquals(known + 1, young.known(), "it catches up and goes on");
        scheduler.remove(young);
        assertEquals(0, small.inUse());
    }

    @Test
    void aRemovedSequenceGivesItsBlocksBack() {
        Scheduler scheduler = scheduler(16, 1);
        Sequence running = add(scheduler, HOSPITAL, 8);
        Sequence waiting = add(scheduler, HOSPITAL, 8);
        step(scheduler);
        scheduler.remove(waiting);
        scheduler.remove(running);

        assertEquals(0, blocks.inUse());
        assertEquals(0, scheduler.waiting());
        assertTrue(scheduler.next().isEmpty());
        assertThrows(IllegalStateException.class, () -> scheduler.remove(running));
    }

    @Test
    void aSharedPrefixIsNotComputedAgain() {
        Scheduler scheduler = scheduler(64, 4);
        Sequence first = add(scheduler, HOSPITAL, 20);
        int[] prompt = first.tokens();
        step(scheduler);
        scheduler.remove(first);

        Sequence second = new Sequence(99, new CacheNamespace(HOSPITAL, 0), prompt, 1000, Priority.NORMAL);
        scheduler.add(second);
        List<Slice> slices = scheduler.next();
        assertEquals(16, second.cachedTokens());
        assertEquals(List.of(new Slice(second, 16, 4)), slices);
    }

    @Test
    void whatComesTogetherComputesItsCommonBeginningOnce() {
        Scheduler scheduler = scheduler(16, 4);
        Sequence first = add(scheduler, HOSPITAL, 30);
        Sequence second = new Sequence(98, new CacheNamespace(HOSPITAL, 0), first.tokens(), 1000, Priority.NORMAL);
        Sequence foreign = new Sequence(99, new CacheNamespace(BROKER, 0), first.tokens(), 1000, Priority.NORMAL);
        scheduler.add(second);
        scheduler.add(foreign);

        List<Slice> slices = scheduler.next();
        assertEquals(
                List.of(first, foreign),
                slices.stream().map(Slice::sequence).toList(),
                "another tenant shares nothing");
        scheduler.completed(slices);
        while (first.computed() < 28) {
            assertEquals(0, second.computed());
            step(scheduler);
        }
        step(scheduler);
        assertEquals(28, second.cachedTokens());
        assertEquals(0, foreign.cachedTokens());
    }

    @Test
    void whoWaitedForTheBeginningOfOneThatIsGoneGoesOnAlone() {
        Scheduler scheduler = scheduler(16, 4);
        Sequence first = add(scheduler, HOSPITAL, 40);
        Sequence second = new Sequence(98, new CacheNamespace(HOSPITAL, 0), first.tokens(), 1000, Priority.NORMAL);
        scheduler.add(second);
        Sequence other = add(scheduler, HOSPITAL, 3);
        step(scheduler);
        assertEquals(0, second.computed());
        assertTrue(other.computed() > 0, "others of the tenant are let past");
        scheduler.remove(first);
        step(scheduler);
        assertTrue(second.computed() > 0);
    }

    @Test
    void refusesWhatCanNeverFit() {
        Scheduler scheduler = scheduler(16, 1);
        assertThrows(IllegalArgumentException.class, () -> add(scheduler, HOSPITAL, 257));
        assertThrows(IllegalArgumentException.class, () -> new SchedulerLimits(3, 4));
        assertFalse(scheduler.waiting() > 0);
    }

    @Test
    void aSmallStepIsFilledUpWithGuessesAndALargeOneIsNot() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(32, 4).withGuessesUpTo(8), blocks);
        Sequence first = repeating(HOSPITAL, 12, 100);
        Sequence second = repeating(BROKER, 12, 100);
        scheduler.add(first);
        assertEquals(List.of(new Slice(first, 0, 12)), scheduler.next(), "12 tokens are more than 8");
        scheduler.completed(List.of(new Slice(first, 0, 12)));
        first.append(first.token(0));

        List<Slice> slices = scheduler.next();
        assertEquals(List.of(new Slice(first, 12, 3, 2)), slices);
        assertEquals(3, slices.getFirst().draws());
        scheduler.completed(slices);
        assertEquals(13, first.computed(), "a guess is not computed before it has been drawn");
        first.append(first.token(13));
        assertEquals(14, first.computed(), "a right one is");
        assertEquals(0, first.missing());
        first.append(999);
        assertEquals(14, first.computed(), "a wrong one is not");
        assertEquals(1, first.missing());

        scheduler.add(second);
        assertEquals(List.of(new Slice(first, 14, 1), new Slice(second, 0, 12)), scheduler.next());
    }

    @Test
    void nothingIsGuessedBeyondTheEndOfTheAnswer() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(32, 4).withGuessesUpTo(32), blocks);
        Sequence sequence = repeating(HOSPITAL, 12, 14);
        scheduler.add(sequence);
        assertEquals(1, scheduler.next().getFirst().guesses(), "of two tokens to come, one is drawn behind the guess");
    }

    @Test
    void aGuessTakesNoMemoryFromAnybody() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(32, 4).withGuessesUpTo(32), new BlockPool(3, 4));
        Sequence sequence = repeating(HOSPITAL, 12, 100);
        scheduler.add(sequence);
        assertEquals(List.of(new Slice(sequence, 0, 12)), scheduler.next());
    }

    private Scheduler scheduler(int tokensPerStep, int maxSequences) {
        return new Scheduler(new SchedulerLimits(tokensPerStep, maxSequences), blocks);
    }

    private Sequence add(Scheduler scheduler, TenantId tenant, int prompt) {
        Sequence sequence = sequence(tenant, prompt);
        scheduler.add(sequence);
        return sequence;
    }

    private Sequence repeating(TenantId tenant, int prompt, int most) {
        int first = (int) ++nextId * 1000;
        int[] tokens = IntStream.range(0, prompt).map(i -> first + i % 3).toArray();
        return new Sequence(nextId, new CacheNamespace(tenant, 0), tokens, most, Priority.NORMAL);
    }

    /** No two of them begin alike. */
    private Sequence sequence(TenantId tenant, int prompt) {
        int first = (int) ++nextId * 1000;
        return new Sequence(
                nextId,
                new CacheNamespace(tenant, 0),
                IntStream.range(first, first + prompt).toArray(),
                prompt + 1000,
                Priority.NORMAL);
    }

    /** Computes a step and appends a token to every sequence that caught up; tells how many tokens it computed. */
    private static int step(Scheduler scheduler) {
        List<Slice> slices = scheduler.next();
        List<Sequence> caughtUp =
                slices.stream().filter(Slice::catchesUp).map(Slice::sequence).toList();
        scheduler.completed(slices);
        caughtUp.forEach(sequence -> sequence.append(7));
        return slices.stream().mapToInt(Slice::count).sum();
    }
}
