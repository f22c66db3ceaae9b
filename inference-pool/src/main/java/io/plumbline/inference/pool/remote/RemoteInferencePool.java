package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.ToolUse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models of one OpenAI-compatible server, as a pool like any other. */
public final class RemoteInferencePool implements InferencePool {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteInferencePool.class);
    private static final String ARCHITECTURE = "remote";
    private static final Duration CLOCK_TICK = Duration.ofMillis(100);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(30);
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int RETRY_SECONDS = 2;
    /** Tokens that a tokenizer may put around a text. */
    private static final int SPECIAL_TOKENS = 2;

    private static final int LEAST_TOKENS = 16;

    private final RemoteEngineSettings settings;
    private final RemoteFailures failures;
    private final RemoteServer server;
    private final RemoteRequest requests;
    private final Semaphore places;
    private final Set<RemoteAnswer> running = ConcurrentHashMap.newKeySet();
    private final AdaptersThere adapters;

    private final AtomicBoolean probing = new AtomicBoolean();
    private final ScheduledExecutorService watch;
    private volatile Optional<RemoteHealth> lastHealth = Optional.empty();

    /** Opens no connection yet. */
    public RemoteInferencePool(RemoteEngineSettings settings) {
        this.settings = settings;
        this.failures = new RemoteFailures(settings.name(), Clock.systemUTC());
        this.server = new RemoteServer(settings, failures);
        this.requests = new RemoteRequest(settings.name(), settings.dialect(), settings.keys());
        this.adapters = new AdaptersThere(settings, server, failures);
        this.places = new Semaphore(settings.limits().maxRequests());
        this.watch = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("remote-" + settings.name()).factory());
        var _ = watch.scheduleWithFixedDelay(
                this::checkTimes, CLOCK_TICK.toMillis(), CLOCK_TICK.toMillis(), TimeUnit.MILLISECONDS);
        var _ = watch.scheduleWithFixedDelay(
                () -> Thread.startVirtualThread(this::probe),
                PROBE_INTERVAL.toSeconds(),
                PROBE_INTERVAL.toSeconds(),
                TimeUnit.SECONDS);
    }

    /** The engine's name in the settings. */
    public String name() {
        return settings.name();
    }

    /** Asks the server whether it serves; takes a round trip. */
    public RemoteHealth health() {
        RemoteHealth now = server.health();
        if (now instanceof RemoteHealth.Down(String reason)
                && !(lastHealth.orElse(null) instanceof RemoteHealth.Down)) {
            LOG.warn("remote engine {} is down: {}", settings.name(), reason);
        }
        lastHealth = Optional.of(now);
        return now;
    }

    /** What it answered when it was asked last, which is done now and then; empty if it was not asked yet. */
    public Optional<RemoteHealth> lastHealth() {
        return lastHealth;
    }

    @Override
    public List<BaseModel> baseModels() {
        return settings.models().stream()
                .map(model -> new BaseModel(
                        model.id(), ARCHITECTURE, model.contextLength(), 0, model.sha256(), true, List.of()))
                .toList();
    }

    @Override
    public Completion submit(CompletionRequest request, CompletionListener listener) {
        RemoteModel model = model(request.baseModel());
        Optional<AdapterId> adapter = request.adapter();
        String name =
                adapter.map(id -> adapters.nameFor(id, request.tenant(), model)).orElse(model.remoteName());
        ObjectNode body = requests.body(request, name);
        limitText(request, model, body);
        if (!places.tryAcquire()) {
            throw new InferenceException.Overloaded(RETRY_SECONDS);
        }
        var setting = new RemoteAnswer.Setting(
                server.client(),
                failures,
                settings.limits(),
                adapter.map(AdapterId::name).orElse(request.baseModel()),
                request.urgency().timeLimit(),
                request.topLogprobs().orElse(0),
                request.constraint() instanceof OutputConstraint.ToolCalls calls && calls.use() == ToolUse.REQUIRED,
                () -> adapter.isPresent() && adapters.restored(adapter.get()),
                this::ended);
        RemoteAnswer answer = new RemoteAnswer(setting, listener, length(request.prompt()) / CHARACTERS_PER_TOKEN);
        running.add(answer);
        answer.start(server.post(
                RemoteRequest.path(request.prompt()), body, settings.keys().of(request.tenant())));
        return answer;
    }

    /**
     * Where a request for the continuation of a text names no limit, the OpenAI API and vLLM take 16 tokens. What is asked
     * for is the rest of the context; where the server has no tokenizer to ask, a token is taken to have one byte.
     */
    private void limitText(CompletionRequest request, RemoteModel model, ObjectNode body) {
        if (!(request.prompt() instanceof Prompt.Text(String text))
                || request.maxTokens().isPresent()
                || settings.dialect() == RemoteDialect.LLAMA_CPP) {
            return;
        }
        int prompt = settings.dialect() == RemoteDialect.VLLM
                ? countTokens(model.id(), request.prompt())
                : text.getBytes(StandardCharsets.UTF_8).length + SPECIAL_TOKENS;
        body.put("max_tokens", Math.max(LEAST_TOKENS, model.contextLength() - prompt));
    }

    /**
     * Asks the server; where it has no tokenizer to ask, by an answer of one token, whose usage tells.
     */
    @Override
    public int countTokens(String baseModel, Prompt prompt) {
        RemoteModel model = model(baseModel);
        ObjectNode body = requests.prompt(prompt, model.remoteName());
        if (settings.dialect() == RemoteDialect.VLLM) {
            JsonNode count =
                    server.require(server.post("/tokenize", body), baseModel).path("count");
            if (count.isInt()) {
                return count.asInt();
            }
            throw failures.ofProtocol("a token count without a number");
        }
        body.put("max_tokens", 1);
        JsonNode tokens = server.require(server.post(RemoteRequest.path(prompt), body), baseModel)
                .path("usage")
                .path("prompt_tokens");
        if (tokens.isInt()) {
            return tokens.asInt();
        }
        throw failures.ofProtocol("an answer without usage");
    }

    @Override
    public void loadAdapter(AdapterId id, String baseModel, Path directory) {
        adapters.load(id, model(baseModel), directory);
    }

    @Override
    public void unloadAdapter(AdapterId id) {
        adapters.unload(id);
    }

    @Override
    public void close() {
        watch.shutdownNow();
        running.forEach(RemoteAnswer::cancel);
        server.close();
    }

    private void probe() {
        if (probing.compareAndSet(false, true)) {
            try {
                var _ = health();
            } finally {
                probing.set(false);
            }
        }
    }

    private RemoteModel model(String id) {
        return settings.models().stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new InferenceException.UnknownModel(id));
    }

    private static int length(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Chat chat ->
                chat.messages().stream()
                        .mapToInt(message -> message.content().length())
                        .sum();
            case Prompt.Text(String text) -> text.length();
        };
    }

    private void ended(RemoteAnswer answer) {
        running.remove(answer);
        places.release();
    }

    private void checkTimes() {
        long now = System.nanoTime();
        running.forEach(answer -> answer.checkTime(now));
    }
}
