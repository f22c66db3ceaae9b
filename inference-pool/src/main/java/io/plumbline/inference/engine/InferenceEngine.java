package io.plumbline.inference.engine;

import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.CacheNamespace;
import io.plumbline.inference.lora.AdapterFit;
import io.plumbline.inference.lora.AdapterSlots;
import io.plumbline.inference.lora.ResidentAdapter;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.sampling.Sampler;
import io.plumbline.inference.scheduler.Scheduler;
import io.plumbline.inference.scheduler.Sequence;
import io.plumbline.inference.scheduler.Slice;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates answers with one model. All work on the device is done by one thread, the engine's; whatever comes from
 * other threads (requests, cancellations, adapters) goes through its inbox and takes effect between two steps. Text,
 * templates and JSON never enter the thread. The public methods are thread-safe.
 */
public final class InferenceEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceEngine.class);

    private final String name;
    private final LoadedModel model;
    private final Tokenizer tokenizer;
    private final EngineLimits limits;

    private final BlockPool blocks;
    private final StepRunner runner;
    private final Scheduler scheduler;
    private final AdapterSlots adapters;
    private final AdmissionGate gate;
    private final EngineCounters counters;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final Map<Sequence, Generation> generations = new LinkedHashMap<>();
    private final AtomicLong nextId = new AtomicLong();
    private final float[] logits;
    private final Sampler sampler;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Starts an engine.
     *
     * @param name for threads and logs
     * @param model belongs to the caller and must outlive the engine; its backend is used by the engine's thread alone
     * @param tokenizer the model's
     * @throws io.plumbline.inference.kernel.KernelException if there is not enough memory for the cache
     */
    public InferenceEngine(String name, LoadedModel model, Tokenizer tokenizer, EngineLimits limits) {
        this.name = name;
        this.model = model;
        this.tokenizer = tokenizer;
        this.limits = limits;
        this.blocks = new BlockPool(limits.cacheTokens() / limits.blockSize(), limits.blockSize());
        this.runner = new StepRunner(model, blocks, limits.scheduling(), limits.maxAdapterRank());
        this.scheduler = new Scheduler(limits.scheduling(), blocks);
        this.adapters = new AdapterSlots(adapter -> inbox.add(adapter::close));
        this.gate = new AdmissionGate(limits.scheduling().maxSequences(), limits.maxWaiting());
        this.counters = new EngineCounters();
        this.logits = new float[model.plan().vocabulary()];
        this.sampler = new Sampler(logits.length);
        this.thread = Thread.ofPlatform().name("engine-" + name).daemon(true).unstarted(this::run);
        thread.start();
    }

    /** Positions of a prompt and its answer together. */
    public int contextLength() {
        return (int) Math.min(model.plan().contextLength(), blocks.capacity());
    }

    /**
     * Queues a request.
     *
     * @throws InferenceException if it is refused at the door
     */
    public Completion submit(EngineRequest request, CompletionListener listener) {
        check(request);
        Optional<AdapterSlots.Lease> lease = request.adapter().map(adapters::lend);
        try {
            gate.enter(request.tenant());
        } catch (InferenceException e) {
            lease.ifPresent(AdapterSlots.Lease::giveBack);
            throw e;
        }
        long number = lease.map(AdapterSlots.Lease::number).orElse(0L);
        Sequence sequence =
                new Sequence(nextId.incrementAndGet(), new CacheNamespace(request.tenant(), number), request.prompt());
        int room = contextLength() - request.prompt().length;
        int maxTokens = Math.min(request.maxTokens().orElse(room), room);
        Delivery delivery = new Delivery(listener);
        Generation generation =
                new Generation(request, new Generation.Place(sequence, maxTokens, lease), delivery, tokenizer);
        Handle handle = new Handle(this, generation);
        delivery.start("answer-%s-%d".formatted(name, sequence.id()), handle::cancel);
        inbox.add(() -> begin(generation));
        return handle;
    }

    /**
     * Loads an adapter while requests go on; a no-op if the id is loaded already.
     *
     * @throws InferenceException.InvalidAdapter if it does not fit the model
     */
    public void loadAdapter(AdapterId id, PeftAdapter adapter) {
        if (adapters.contains(id)) {
            return;
        }
        List<String> misfits = AdapterFit.misfits(adapter, model.plan(), limits.maxAdapterRank());
        if (!misfits.isEmpty()) {
            throw new InferenceException.InvalidAdapter(
                    "The adapter does not fit %s: %s.".formatted(name, String.join("; ", misfits)));
        }
        PeftAdapter ordered = AdapterFit.inRowOrderOf(model.plan(), adapter);
        CompletableFuture<ResidentAdapter> uploaded = new CompletableFuture<>();
        inbox.add(() -> {
            try {
                uploaded.complete(ResidentAdapter.upload(
                        ordered, model.plan(), model.backend().memory()));
            } catch (RuntimeException e) {
                uploaded.completeExceptionally(e);
            }
        });
        try {
            adapters.add(id, uploaded.join());
        } catch (CompletionException e) {
            throw new InferenceException.EngineFailed("The adapter could not be loaded: " + e.getCause(), e);
        }
    }

    /** Unloads an adapter once no request uses it; unknown ids are ignored. */
    public void unloadAdapter(AdapterId id) {
        adapters.withdraw(id);
    }

    /** A snapshot, at most one step old. */
    public EngineMetrics metrics() {
        return counters.snapshot();
    }

    /** Requests that are waiting or running. */
    public int unfinished() {
        return gate.unfinished();
    }

    /** Ends all answers as cancelled and stops the engine. */
    @Override
    public void close() {
        closing = true;
        inbox.add(() -> {});
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                workInbox();
                if (!step()) {
                    counters.publish(scheduler, blocks);
                    inbox.take().run();
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("engine {} was interrupted and stops", name);
        } finally {
            workInbox();
            List.copyOf(generations.values()).forEach(g -> end(g, FinishReason.CANCELLED));
            adapters.withdrawAll();
            workInbox();
            runner.close();
        }
    }

    /**
     * One step; false if there was nothing to do.
     *
     * <p>There is no prefill phase and no decode phase, only sequences whose computed tokens catch up with their known
     * tokens. The scheduler says which tokens are computed now, of whatever sequences, tenants and adapters; the model
     * computes them in one pass; and wherever a sequence has caught up, its next token is drawn and becomes known.
     */
    private boolean step() {
        List<Slice> slices = scheduler.next();
        if (slices.isEmpty()) {
            return false;
        }
        try {
            List<Generation> caughtUp = caughtUp(slices);
            runner.run(slices, this::adapterOf);
            scheduler.completed(slices);
            counters.stepped(slices.stream().mapToInt(Slice::count).sum(), caughtUp.size());
            for (int i = 0; i < caughtUp.size(); i++) {
                drawNext(caughtUp.get(i), i);
            }
        } catch (RuntimeException
                | Error e) { // an Error too: one bad step must not leave every caller waiting for ever
            failStep(slices, e);
        }
        counters.publish(scheduler, blocks);
        return true;
    }

    private void drawNext(Generation generation, int index) {
        runner.logits(index, logits);
        try {
            generation.next(logits, sampler).ifPresent(reason -> end(generation, reason));
        } catch (RuntimeException e) {
            LOG.error(
                    "engine {}: drawing a token failed for request {}",
                    name,
                    generation.sequence().id(),
                    e);
            fail(generation, e);
        }
    }

    private void begin(Generation generation) {
        if (!generation.ended()) {
            generations.put(generation.sequence(), generation);
            scheduler.add(generation.sequence());
        }
    }

    /** Idempotent: a cancellation may meet an answer that has just ended, or come before the request itself. */
    private void end(Generation generation, FinishReason reason) {
        if (generation.finish(reason)) {
            forget(generation);
        }
    }

    private void fail(Generation generation, Throwable cause) {
        counters.failed();
        if (generation.fail(new InferenceException.EngineFailed(
                "The inference engine failed on this request; it was logged. Try again.", cause))) {
            forget(generation);
        }
    }

    private void forget(Generation generation) {
        if (generations.remove(generation.sequence()) != null) {
            scheduler.remove(generation.sequence());
        }
        gate.leave(generation.request().tenant(), generation.stay());
        counters.ended(generation.sequence());
    }

    /** A failed step fails the requests that were in it, is logged once, and the engine goes on with the others. */
    private void failStep(List<Slice> slices, Throwable cause) {
        LOG.error(
                "engine {}: a step of {} sequences failed on {}",
                name,
                slices.size(),
                model.backend().name(),
                cause);
        for (Slice slice : slices) {
            Generation generation = generations.get(slice.sequence());
            if (generation != null) {
                fail(generation, cause);
            }
        }
    }

    private void workInbox() {
        Runnable work = inbox.poll();
        while (work != null) {
            work.run();
            work = inbox.poll();
        }
    }

    private List<Generation> caughtUp(List<Slice> slices) {
        List<Generation> caughtUp = new ArrayList<>();
        for (Slice slice : slices) {
            if (slice.catchesUp()) {
                caughtUp.add(generation(slice.sequence()));
            }
        }
        return caughtUp;
    }

    private @Nullable AdapterWeights adapterOf(Sequence sequence) {
        return generation(sequence).adapter();
    }

    private Generation generation(Sequence sequence) {
        Generation generation = generations.get(sequence);
        if (generation == null) {
            throw new IllegalStateException("sequence %d has no request".formatted(sequence.id()));
        }
        return generation;
    }

    private void check(EngineRequest request) {
        if (closing) {
            throw new InferenceException.EngineFailed(
                    "The inference engine is shutting down; try again later.", new IllegalStateException("closed"));
        }
        int[] prompt = request.prompt();
        if (prompt.length == 0) {
            throw new InferenceException.InvalidPrompt("The prompt is empty; send at least one character.");
        }
        if (prompt.length >= contextLength()) {
            throw new InferenceException.PromptTooLong(prompt.length, contextLength());
        }
        for (int token : prompt) {
            if (token < 0 || token >= model.plan().vocabulary()) {
                throw new InferenceException.InvalidPrompt(
                        "The prompt holds token %d, and the model has %d tokens; the model file is inconsistent."
                                .formatted(token, model.plan().vocabulary()));
            }
        }
    }

    /** The caller's handle on a request. */
    private record Handle(InferenceEngine engine, Generation generation) implements Completion {
        @Override
        public int promptTokens() {
            return generation.request().prompt().length;
        }

        @Override
        public void cancel() {
            engine.inbox.add(() -> engine.end(generation, FinishReason.CANCELLED));
        }
    }
}
