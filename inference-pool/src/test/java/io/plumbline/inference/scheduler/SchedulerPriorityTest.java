package io.plumbline.inference.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.CacheNamespace;
import io.plumbline.inference.pool.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerPriorityTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");

    private final BlockPool blocks = new BlockPool(256, 4);
    private long nextId;

    @Test
    void everyClassGetsItsShareAndNoneStarves() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(32, 4), blocks);
        Map<Priority, Integer> served = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            for (int i = 0; i < 8; i++) {
                add(scheduler, HOSPITAL, priority, 24);
            }
        }
        for (int step = 0; step < 1000; step++) {
            List<Slice> slices = scheduler.next();
            scheduler.completed(slices);
            for (Slice slice : slices) {
                Priority priority = slice.sequence().priority();
                served.merge(priority, slice.count(), Integer::sum);
                if (slice.sequence().missing() == 0) {
                    scheduler.remove(slice.sequence());
                    add(scheduler, HOSPITAL, priority, 24);
                }
            }
        }
        double all = served.values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(16.0 / 21, served.getOrDefault(Priority.HIGH, 0) / all, 0.05);
        assertEquals(4.0 / 21, served.getOrDefault(Priority.NORMAL, 0) / all, 0.05);
        assertEquals(1.0 / 21, served.getOrDefault(Priority.LOW, 0) / all, 0.02);
    }

    @Test
    void whoWaitsForAnAnswerGetsThePlaceOfBackgroundWorkWhichGoesOnLater() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(64, 2), blocks);
        Sequence first = add(scheduler, HOSPITAL, Priority.LOW, 12);
        Sequence second = add(scheduler, HOSPITAL, Priority.LOW, 12);
        step(scheduler);
        Sequence urgent = add(scheduler, BROKER, Priority.NORMAL, 8);
        step(scheduler);
        assertTrue(runs(urgent));
        assertTrue(runs(first), "the older of the two keeps its place");
        assertFalse(runs(second));
        assertEquals(13, second.known(), "it keeps what it has generated");

        scheduler.remove(urgent);
        step(scheduler);
        assertTrue(runs(second));
        assertEquals(14, second.known());
    }

    @Test
    void backgroundWorkThatIsBehindItsShareKeepsItsPlace() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(64, 1), blocks);
        add(scheduler, BROKER, Priority.NORMAL, 40);
        Sequence background = add(scheduler, HOSPITAL, Priority.LOW, 1);
        Sequence served = step(scheduler).getFirst().sequence();
        scheduler.remove(served);
        add(scheduler, BROKER, Priority.NORMAL, 40);
        step(scheduler);
        assertTrue(runs(background), "the other class has had 40 tokens");
        step(scheduler);
        assertTrue(runs(background));
    }

    @Test
    void withinATenantToo() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(64, 1), blocks);
        add(scheduler, HOSPITAL, Priority.LOW, 10);
        add(scheduler, HOSPITAL, Priority.LOW, 10);
        Sequence urgent = add(scheduler, HOSPITAL, Priority.NORMAL, 10);
        assertEquals(urgent, scheduler.next().getFirst().sequence());
    }

    @Test
    void aTenantHasNoMorePlacesThanItMayHave() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(64, 6).withMaxOfTenant(2), blocks);
        List<Sequence> hospital = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            hospital.add(add(scheduler, HOSPITAL, Priority.NORMAL, 4));
        }
        add(scheduler, BROKER, Priority.NORMAL, 4);
        step(scheduler);
        assertEquals(3, scheduler.running());
        scheduler.remove(hospital.get(0));
        step(scheduler);
        assertTrue(runs(hospital.get(2)));
        assertFalse(runs(hospital.get(3)));
    }

    @Test
    void aParkedSequenceHoldsNothingAndGoesOnWhereItWas() {
        Scheduler scheduler = new Scheduler(new SchedulerLimits(64, 1), blocks);
        Sequence parked = add(scheduler, HOSPITAL, Priority.NORMAL, 10);
        step(scheduler);
        scheduler.park(parked);
        assertEquals(0, blocks.inUse());
        assertEquals(1, scheduler.waiting());
        assertTrue(scheduler.next().isEmpty());

        Sequence other = add(scheduler, BROKER, Priority.NORMAL, 10);
        step(scheduler);
        assertTrue(runs(other));
        scheduler.remove(other);
        scheduler.resume(parked);
        scheduler.resume(parked);
        step(scheduler);
        assertEquals(12, parked.known());
        scheduler.park(parked);
        scheduler.remove(parked);
        assertEquals(0, scheduler.waiting());
    }

    private static boolean runs(Sequence sequence) {
        return sequence.computed() > 0;
    }

    private Sequence add(Scheduler scheduler, TenantId tenant, Priority priority, int prompt) {
        int first = (int) ++nextId * 1000;
        Sequence sequence = new Sequence(
                nextId,
                new CacheNamespace(tenant, 0),
                IntStream.range(first, first + prompt).toArray(),
                1000,
                priority);
        scheduler.add(sequence);
        return sequence;
    }

    private static List<Slice> step(Scheduler scheduler) {
        List<Slice> slices = scheduler.next();
        List<Sequence> caughtUp =
                slices.stream().filter(Slice::catchesUp).map(Slice::sequence).toList();
        scheduler.completed(slices);
        caughtUp.forEach(sequence -> sequence.append(7));
        return slices;
    }
}
