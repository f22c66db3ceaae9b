package io.plumbline.inference.engine;

import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.CacheNamespace;
import io.plumbline.inference.lora.AdapterBudget;
import io.plumbline.inference.lora.AdapterFit;
import io.plumbline.inference.lora.AdapterSlots;
import io.plumbline.inference.lora.ResidentAdapter;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.scheduler.Scheduler;
import io.plumbline.inference.scheduler.Sequence;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.PeftAdapter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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
    private final LongSupplier nanoTime;

    private final BlockPool blocks;
    private final EngineLoop loop;
    private final AdapterSlots adapters;
    private final AdmissionGate gate;
    private final EngineCounters counters;

    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final AtomicLong nextId = new AtomicLong();
    private final Thread thread;
    /** Guarded by the inbox for those who write into it. */
    private volatile boolean closing;

    /**
     * Starts an engine.
     *
     * @param name for threads and logs
     * @param model belongs to the caller and must outlive the engine; its backend is used by the engine's thread alone
     * @param tokenizer the model's
     * @throws io.plumbline.inference.model.UnsupportedModelException if the cache cannot hold the model's keys and values
     *     in the precision of the limits
     * @throws io.plumbline.inference.kernel.KernelException if there is not enough memory for the cache
     */
    public InferenceEngine(String name, LoadedModel model, Tokenizer tokenizer, EngineLimits limits) {
        this(name, model, tokenizer, limits, System::nanoTime);
    }

    /** With a clock of its own, like {@link System#nanoTime}. */
    InferenceEngine(String name, LoadedModel model, Tokenizer tokenizer, EngineLimits limits, LongSupplier nanoTime) {
        this.name = name;
        this.model = model;
        this.tokenizer = tokenizer;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.blocks = new BlockPool(limits.cacheTokens() / limits.blockSize(), limits.blockSize());
        this.adapters = new AdapterSlots(
                new AdapterBudget(
                        limits.adapters().maxResident(), limits.adapters().maxBytes()),
                adapter -> inbox.add(adapter::close));
        this.gate = new AdmissionGate(limits.scheduling().maxSequences(), limits.admission(), nanoTime);
        this.counters = new EngineCounters();
        this.loop = new EngineLoop(
                name,
                blocks,
                new StepRunner(model, blocks, limits),
                new Scheduler(limits.scheduling(), blocks),
                new EngineLoop.Shared(gate, counters, this::post));
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
            gate.enter(request.tenant(), request.prompt().length);
        } catch (InferenceException e) {
            lease.ifPresent(AdapterSlots.Lease::giveBack);
            throw e;
        }
        long number = lease.map(AdapterSlots.Lease::number).orElse(0L);
        int prompt = request.prompt().length;
        int room = contextLength() - prompt;
        int maxTokens = Math.min(request.maxTokens().orElse(room), room);
        Sequence sequence = new Sequence(
                nextId.incrementAndGet(),
                new CacheNamespace(request.tenant(), number),
                request.prompt(),
                prompt + maxTokens,
                request.urgency().priority());
        Term term = new Term(
                nanoTime.getAsLong(),
                Term.shorter(request.urgency().timeLimit(), limits.admission().timeLimit()));
        Delivery delivery = new Delivery(listener);
        Generation generation =
                new Generation(request, new Generation.Place(sequence, maxTokens, lease, term), delivery, tokenizer);
        Handle handle = new Handle(this, generation);
        delivery.start(
                "answer-%s-%d".formatted(name, sequence.id()),
                handle::cancel,
                () -> gate.leave(request.tenant(), term.elapsed(nanoTime.getAsLong())));
        if (!post(() -> loop.begin(generation))) {
            generation.fail(new InferenceException.ShuttingDown());
        }
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
        List<String> misfits =
                AdapterFit.misfits(adapter, model.plan(), limits.adapters().maxRank());
        if (!misfits.isEmpty()) {
            throw new InferenceException.InvalidAdapter(
                    "The adapter does not fit %s: %s.".formatted(name, String.join("; ", misfits)));
        }
        PeftAdapter ordered = AdapterFit.inRowOrderOf(model.plan(), adapter);
        CompletableFuture<AdapterId> entered = new CompletableFuture<>();
        boolean posted = post(() -> {
            try {
                // Entered by this thread too: it releases what is entered when it ends, and nothing may come later.
                adapters.add(
                        id,
                        ResidentAdapter.upload(
                                ordered, model.plan(), model.backend().memory()));
                entered.complete(id);
            } catch (RuntimeException e) {
                entered.completeExceptionally(e);
            }
        });
        if (!posted) {
            throw new InferenceException.ShuttingDown();
        }
        try {
            entered.join();
        } catch (CompletionException e) {
            throw new InferenceException.EngineFailed("The adapter could not be loaded: " + e.getCause(), e);
        }
    }

    /** Whether an adapter is in memory for new requests; an idle one may leave at any time. */
    public boolean hasAdapter(AdapterId id) {
        return adapters.contains(id);
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

    /** Takes nothing new from now on; what was taken goes on. */
    public void refuse() {
        gate.close();
    }

    /**
     * Takes nothing new from now on, and waits until all that was taken is answered and delivered.
     *
     * @return false if something is left after {@code patience}
     */
    public boolean drain(Duration patience) {
        refuse();
        try {
            return gate.awaitEmpty(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends all answers as {@link InferenceException.ShuttingDown} and stops the engine. */
    @Override
    public void close() {
        gate.close();
        synchronized (inbox) {
            closing = true;
            inbox.add(() -> {});
        }
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
                loop.expire(nanoTime.getAsLong());
                // Asked again: the message that wakes a closing engine may be among those just worked off, and nothing
                // else would end the wait.
                if (!loop.step() && !closing) {
                    awaitWork();
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("engine {} was interrupted and stops", name);
        } finally {
            workInbox();
            loop.endAll(new InferenceException.ShuttingDown());
            adapters.releaseAll();
            workInbox();
            loop.close();
        }
    }

    /** Waits for a message, or for the end of the time of an answer that waits for its reader. */
    private void awaitWork() throws InterruptedException {
        Optional<Duration> limit = loop.untilNextDeadline(nanoTime.getAsLong());
        Runnable work = limit.isEmpty()
                ? inbox.take()
                : inbox.poll(Math.max(0, limit.get().toNanos()), TimeUnit.NANOSECONDS);
        if (work != null) {
            work.run();
        }
    }

    /** Has the engine's thread do something; false if it does nothing any more. */
    private boolean post(Runnable work) {
        synchronized (inbox) {
            return !closing && inbox.add(work);
        }
    }

    private void workInbox() {
        Runnable work = inbox.poll();
        while (work != null) {
            work.run();
            work = inbox.poll();
        }
    }

    private void check(EngineRequest request) {
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
            engine.post(() -> engine.loop.end(generation, FinishReason.CANCELLED));
        }
    }
}
