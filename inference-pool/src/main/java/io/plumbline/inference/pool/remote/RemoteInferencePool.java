package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.remote.RemoteAdapters.Listed;
import io.plumbline.inference.pool.remote.RemoteAdapters.None;
import io.plumbline.inference.pool.remote.RemoteAdapters.SharedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private final RemoteEngineSettings settings;
    private final RemoteFailures failures;
    private final RemoteServer server;
    private final RemoteRequest requests;
    private final Semaphore places;
    private final Set<RemoteAnswer> running = ConcurrentHashMap.newKeySet();
    /** Adapters that were loaded through this pool, with their base. */
    private final Map<AdapterId, String> adapters = new ConcurrentHashMap<>();

    private final AtomicBoolean probing = new AtomicBoolean();
    private final ScheduledExecutorService watch;
    private volatile Optional<RemoteHealth> lastHealth = Optional.empty();

    /** Opens no connection yet. */
    public RemoteInferencePool(RemoteEngineSettings settings) {
        this.settings = settings;
        this.failures = new RemoteFailures(settings.name(), Clock.systemUTC());
        this.server = new RemoteServer(settings, failures);
        this.requests = new RemoteRequest(settings.name(), settings.dialect());
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
        String model = remoteName(request);
        ObjectNode body = requests.body(request, model);
        if (!places.tryAcquire()) {
            throw new InferenceException.Overloaded(RETRY_SECONDS);
        }
        String known = request.adapter().map(AdapterId::name).orElse(request.baseModel());
        var setting = new RemoteAnswer.Setting(
                server.client(),
                failures,
                settings.limits(),
                known,
                request.urgency().timeLimit(),
                this::ended);
        RemoteAnswer answer = new RemoteAnswer(setting, listener, length(request.prompt()) / CHARACTERS_PER_TOKEN);
        running.add(answer);
        answer.start(server.post(RemoteRequest.path(request.prompt()), body));
        return answer;
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
        RemoteModel model = model(baseModel);
        if (adapters.containsKey(id)) {
            return;
        }
        switch (settings.adapters()) {
            case None _ ->
                throw new InferenceException.InvalidAdapter(
                        "The engine '%s' takes no adapters; deploy this one on a model of another engine."
                                .formatted(settings.name()));
            case Listed _ -> requireListed(id);
            case SharedFolder folder -> load(id, folder, directory);
        }
        adapters.put(id, model.id());
    }

    @Override
    public void unloadAdapter(AdapterId id) {
        if (adapters.remove(id) != null && settings.adapters() instanceof SharedFolder) {
            // An unknown name is as good as an unloaded one.
            var _ = server.ask(server.post("/v1/unload_lora_adapter", adapterName(id)));
        }
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

    private void requireListed(AdapterId id) {
        String name = RemoteAdapters.nameOf(id);
        switch (health()) {
            case RemoteHealth.Up(List<String> models) -> {
                if (!models.contains(name)) {
                    throw new InferenceException.InvalidAdapter(
                            "The engine '%s' does not list the adapter '%s'; have it loaded there under that name first."
                                    .formatted(settings.name(), name));
                }
            }
            case RemoteHealth.Down(String reason) -> throw failures.ofConnection(new IOException(reason));
        }
    }

    private void load(AdapterId id, SharedFolder folder, Path directory) {
        String there;
        try {
            there = folder.pathThere(directory);
        } catch (IllegalArgumentException e) {
            throw new InferenceException.InvalidAdapter(
                    "The engine '%s' cannot read this adapter: %s.".formatted(settings.name(), e.getMessage()));
        }
        ObjectNode body = adapterName(id).put("lora_path", there);
        RemoteServer.Answer answer = server.ask(server.post("/v1/load_lora_adapter", body));
        boolean already = answer.status() == 400 && answer.text().contains("already been loaded");
        if (answer.status() == 200 || already) {
            return;
        }
        if (answer.status() >= 500) {
            throw failures.ofConnection(new IOException("status %d to an adapter".formatted(answer.status())));
        }
        throw new InferenceException.InvalidAdapter("The engine '%s' refuses the adapter: %s"
                .formatted(settings.name(), RemoteFailures.message(answer.text())));
    }

    private static ObjectNode adapterName(AdapterId id) {
        return new JsonMapper().createObjectNode().put("lora_name", RemoteAdapters.nameOf(id));
    }

    private String remoteName(CompletionRequest request) {
        RemoteModel model = model(request.baseModel());
        Optional<AdapterId> adapter = request.adapter();
        if (adapter.isEmpty()) {
            return model.remoteName();
        }
        AdapterId id = adapter.get();
        if (!id.tenant().equals(request.tenant()) || !model.id().equals(adapters.get(id))) {
            throw new InferenceException.UnknownAdapter(id.name());
        }
        return RemoteAdapters.nameOf(id);
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
