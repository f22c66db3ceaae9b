package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.toolcall.ToolCallForm;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one directory on this machine, each with an engine of its own. A model is loaded when it is first asked
 * for, and stays as long as the memory allows; an adapter likewise.
 */
public final class LocalInferencePool implements InferencePool {
    private static final Logger LOG = LoggerFactory.getLogger(LocalInferencePool.class);
    /** Where adapters crowd each other out so fast, waiting is better than loading. */
    private static final int MOST_LOADS_FOR_A_REQUEST = 8;

    private final LocalPoolSettings settings;
    private final ModelDirectory directory;
    private final Map<String, ModelDirectory.Found> known = new ConcurrentHashMap<>();
    private final ResidentModels residents;
    private final RegisteredAdapters adapters = new RegisteredAdapters();

    public LocalInferencePool(LocalPoolSettings settings) {
        this.settings = settings;
        this.directory = new ModelDirectory(settings.models(), settings.limits());
        this.residents = new ResidentModels(settings.modelMemory());
    }

    @Override
    public List<BaseModel> baseModels() {
        return directory.models();
    }

    /** The files of the model directory that cannot be run, each with the reason and the remedy. */
    public Map<Path, String> unusableFiles() {
        return directory.problems();
    }

    @Override
    public Completion submit(CompletionRequest request, CompletionListener listener) {
        Optional<AdapterId> foreign =
                request.adapter().filter(id -> !id.tenant().equals(request.tenant()));
        if (foreign.isPresent()) {
            throw new InferenceException.UnknownAdapter(foreign.get().name());
        }
        return with(request.baseModel(), model -> submit(model, request, listener));
    }

    private Completion submit(ServedModel model, CompletionRequest request, CompletionListener listener) {
        ToolCallForm calls = request.constraint() instanceof OutputConstraint.ToolCalls
                ? model.prompts().callsIn(request.prompt())
                : ToolCallForm.HERMES;
        CompletionListener reader = calls.equals(ToolCallForm.HERMES) ? listener : new TranslatedCalls(listener, calls);
        EngineRequest tokens = EngineRequest.of(
                        request.tenant(), model.prompts().encode(request.prompt()))
                .withAdapter(request.adapter())
                .withSampling(request.sampling())
                .withMaxTokens(request.maxTokens())
                .withStop(request.stop())
                .withTopLogprobs(request.topLogprobs())
                .withUrgency(request.urgency())
                .withGrammar(model.constraints().compile(request.constraint(), calls));
        for (int attempt = 0; attempt < MOST_LOADS_FOR_A_REQUEST; attempt++) {
            request.adapter().ifPresent(id -> bring(id, request.baseModel(), model.engine()));
            try {
                return model.engine().submit(tokens, reader);
            } catch (InferenceException.UnknownAdapter e) {
                LOG.debug("adapter {} left before it was used", request.adapter());
            }
        }
        throw new InferenceException.Overloaded(1);
    }

    /** Brings an adapter back that left memory; once, however many want it. */
    private void bring(AdapterId id, String baseModel, InferenceEngine engine) {
        RegisteredAdapters.Registered adapter = adapters.find(id)
                .filter(registered -> registered.baseModel().equals(baseModel))
                .orElseThrow(() -> new InferenceException.UnknownAdapter(id.name()));
        synchronized (adapter.loading()) {
            if (!engine.hasAdapter(id)) {
                engine.loadAdapter(id, adapters.read(adapter));
            }
        }
    }

    @Override
    public int countTokens(String baseModel, Prompt prompt) {
        return with(baseModel, model -> model.prompts().encode(prompt).length);
    }

    @Override
    public void loadAdapter(AdapterId id, String baseModel, Path folder) {
        if (adapters.find(id).isPresent()) {
            return;
        }
        RegisteredAdapters.Registered adapter = adapters.describe(id, baseModel, folder);
        with(baseModel, model -> {
            model.engine().loadAdapter(id, adapters.read(adapter));
            adapters.add(adapter);
            return adapter;
        });
    }

    @Override
    public void unloadAdapter(AdapterId id) {
        adapters.remove(id);
        residents.loaded().values().forEach(model -> model.engine().unloadAdapter(id));
    }

    /** What the engines of the loaded models are doing, by model. */
    public Map<String, EngineMetrics> metrics() {
        Map<String, EngineMetrics> metrics = new TreeMap<>();
        residents.loaded().forEach((id, model) -> metrics.put(id, model.engine().metrics()));
        return metrics;
    }

    /** The backends of the loaded models, by model, for people. */
    public Map<String, String> backends() {
        Map<String, String> backends = new TreeMap<>();
        residents.loaded().forEach((id, model) -> backends.put(id, model.backendDescription()));
        return backends;
    }

    /** Takes nothing new from now on; what was taken goes on. */
    public void refuse() {
        residents.refuse();
        residents.loaded().values().forEach(model -> model.engine().refuse());
    }

    /**
     * Takes nothing new from now on, and waits until all that was taken is answered and delivered.
     *
     * @return false if something is left after {@code patience}; {@link #close} ends it
     */
    public boolean drain(Duration patience) {
        refuse();
        long end = System.nanoTime() + patience.toNanos();
        boolean drained = true;
        for (ServedModel model : residents.loaded().values()) {
            drained &= model.engine().drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return drained;
    }

    /** Requests whose readers have not heard of their end; while a model has any, it stays in memory. */
    int unfinished() {
        return residents.loaded().values().stream()
                .mapToInt(model -> model.engine().unfinished())
                .sum();
    }

    @Override
    public void close() {
        residents.close();
    }

    private <T> T with(String id, Function<ServedModel, T> action) {
        ModelDirectory.Found found = known.get(id);
        // While a model serves, nobody waits for a look at the directory: a new file there is digested first.
        if (found == null || !residents.contains(id)) {
            found = directory.find(id).orElseThrow(() -> new InferenceException.UnknownModel(id));
            known.put(id, found);
        }
        return residents.use(id, found.footprint(), () -> load(id), action);
    }

    private ServedModel load(String id) {
        long start = System.nanoTime();
        try {
            ServedModel model = ServedModel.open(
                    id, directory.file(id), settings.backend(), settings.backendOptions(), settings.limits());
            LOG.info(
                    "model {} loaded on {} in {} ms",
                    id,
                    model.backendDescription(),
                    (System.nanoTime() - start) / 1_000_000);
            return model;
        } catch (BrokenModelFileException
                | UnsupportedModelException
                | KernelException
                | TemplateException
                | IOException e) {
            LOG.error("model {} cannot be loaded", id, e);
            throw new InferenceException.EngineFailed(
                    "The model '%s' cannot be loaded: %s".formatted(id, e.getMessage()), e);
        }
    }
}
