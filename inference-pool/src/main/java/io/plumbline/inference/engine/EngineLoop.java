package io.plumbline.inference.engine;

import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.sampling.Sampler;
import io.plumbline.inference.scheduler.Scheduler;
import io.plumbline.inference.scheduler.Sequence;
import io.plumbline.inference.scheduler.Slice;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine's thread does: the requests under way and the steps that carry them on. For that thread alone. */
final class EngineLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

    private final String name;
    private final BlockPool blocks;
    private final StepRunner runner;
    private final Scheduler scheduler;
    private final AdmissionGate gate;
    private final EngineCounters counters;
    private final Consumer<Runnable> inbox;
    private final Map<Sequence, Generation> generations = new LinkedHashMap<>();
    private final float[] logits;
    private final Sampler sampler;

    /**
     * The parts of an engine that its thread shares with the others.
     *
     * @param inbox takes what is to be done on the engine's thread
     */
    record Shared(AdmissionGate gate, EngineCounters counters, Consumer<Runnable> inbox) {}

    EngineLoop(String name, BlockPool blocks, StepRunner runner, Scheduler scheduler, Shared shared) {
        this.name = name;
        this.blocks = blocks;
        this.runner = runner;
        this.scheduler = scheduler;
        this.gate = shared.gate();
        this.counters = shared.counters();
        this.inbox = shared.inbox();
        this.logits = new float[runner.vocabulary()];
        this.sampler = new Sampler(logits.length);
    }

    /** A request comes in. */
    void begin(Generation generation) {
        if (!generation.ended()) {
            generations.put(generation.sequence(), generation);
            scheduler.add(generation.sequence());
        }
    }

    /** Idempotent: a cancellation may meet an answer that has just ended, or come before the request itself. */
    void end(Generation generation, FinishReason reason) {
        if (generation.finish(reason)) {
            forget(generation);
        }
    }

    /** Ends every answer by a failure that is none of the engine. */
    void endAll(InferenceException reason) {
        List.copyOf(generations.values()).forEach(generation -> end(generation, reason));
    }

    /** Ends the answers whose time is over. */
    void expire(long nanoTime) {
        for (Generation generation : List.copyOf(generations.values())) {
            if (generation
                    .term()
                    .left(nanoTime)
                    .filter(left -> !left.isPositive())
                    .isPresent()) {
                counters.expired();
                end(generation, generation.term().over());
            }
        }
    }

    /** Time until the next answer's time is over; empty if no answer has a limit. */
    Optional<Duration> untilNextDeadline(long nanoTime) {
        return generations.values().stream()
                .flatMap(generation -> generation.term().left(nanoTime).stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * One step; false if there was nothing to do.
     *
     * <p>There is no prefill phase and no decode phase, only sequences whose computed tokens catch up with their known
     * tokens. The scheduler says which tokens are computed now, of whatever sequences, tenants and adapters; the model
     * computes them in one pass; and wherever a sequence has caught up, its next token is drawn and becomes known.
     */
    boolean step() {
        List<Slice> slices = scheduler.next();
        if (slices.isEmpty()) {
            counters.publish(scheduler, blocks);
            return false;
        }
        try {
            runner.run(slices, sequence -> generation(sequence).adapter());
            scheduler.completed(slices);
            counters.stepped(slices.stream().mapToInt(Slice::count).sum());
            int draw = 0;
            for (Slice slice : slices) {
                int draws = slice.draws(); // the draw makes the sequence longer
                if (draws > 0) {
                    draw(slice, draw);
                }
                draw += draws;
            }
        } catch (RuntimeException
                | Error e) { // an Error too: one bad step must not leave every caller waiting for ever
            failStep(slices, e);
        }
        counters.publish(scheduler, blocks);
        return true;
    }

    @Override
    public void close() {
        runner.close();
    }

    private void draw(Slice slice, int firstDraw) {
        Generation generation = generation(slice.sequence());
        try {
            Optional<FinishReason> end = drawAll(generation, firstDraw, slice.guesses());
            if (end.isPresent()) {
                end(generation, end.get());
            } else if (generation.delivery().behind()) {
                waitForReader(generation);
            }
        } catch (InferenceException e) { // the request's own fault
            counters.failed();
            if (generation.fail(e)) {
                forget(generation);
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "engine {}: drawing a token failed for request {}",
                    name,
                    slice.sequence().id(),
                    e);
            fail(generation, e);
        }
    }

    /**
     * Draws the next token, and more for as long as what was drawn is what was guessed: then the logits behind it are
     * there already, and they are the same as if it had been computed alone. So guesses never change an answer.
     */
    private Optional<FinishReason> drawAll(Generation generation, int firstDraw, int guesses) {
        int right = 0;
        runner.logits(firstDraw, logits);
        Optional<FinishReason> end = generation.next(logits, sampler);
        while (end.isEmpty() && generation.sequence().missing() == 0) {
            right++;
            runner.logits(firstDraw + right, logits);
            end = generation.next(logits, sampler);
        }
        counters.drew(1 + right);
        gate.generated(generation.request().tenant(), 1 + right);
        if (guesses > 0) {
            generation.sequence().tested(guesses, right);
            counters.tested(guesses, right);
        }
        return end;
    }

    /** What nobody reads need not be computed yet: the answer goes on when its reader has caught up. */
    private void waitForReader(Generation generation) {
        scheduler.park(generation.sequence());
        generation.delivery().whenCaughtUp(() -> inbox.accept(() -> scheduler.resume(generation.sequence())));
    }

    private void fail(Generation generation, Throwable cause) {
        counters.failed();
        end(
                generation,
                new InferenceException.EngineFailed(
                        "The inference engine failed on this request; it was logged. Try again.", cause));
    }

    private void end(Generation generation, InferenceException failure) {
        if (generation.fail(failure)) {
            forget(generation);
        }
    }

    private void forget(Generation generation) {
        if (generations.remove(generation.sequence()) != null) {
            scheduler.remove(generation.sequence());
        }
        counters.ended(generation.sequence());
    }

    /** A failed step fails the requests that were in it, is logged once, and the engine goes on with the others. */
    private void failStep(List<Slice> slices, Throwable cause) {
        LOG.error("engine {}: a step of {} sequences failed on {}", name, slices.size(), runner.backendName(), cause);
        for (Slice slice : slices) {
            Generation generation = generations.get(slice.sequence());
            if (generation != null) {
                fail(generation, cause);
            }
        }
    }

    private Generation generation(Sequence sequence) {
        Generation generation = generations.get(sequence);
        if (generation == null) {
            throw new IllegalStateException("sequence %d has no request".formatted(sequence.id()));
        }
        return generation;
    }
}
