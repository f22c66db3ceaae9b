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
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one directory on this machine. A model is loaded when it is first asked for and stays loaded; each has
 * an engine of its own.
 */
public final class LocalInferencePool implements InferencePool {
    private static final Logger LOG = LoggerFactory.getLogger(LocalInferencePool.class);

    private final LocalPoolSettings settings;
    private final ModelDirectory directory;
    private final Map<String, ServedModel> served = new ConcurrentHashMap<>();
    /** One load at a time: two at once would need twice the memory for no gain. */
    private final Object loading = new Object();

    private boolean closed;

    public LocalInferencePool(LocalPoolSettings settings) {
        this.settings = settings;
        this.directory = new ModelDirectory(settings.models(), settings.limits().cacheTokens());
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
        ServedModel model = model(request.baseModel());
        EngineRequest tokens = new EngineRequest(
                request.tenant(),
                request.adapter(),
                model.prompts().encode(request.prompt()),
                request.sampling(),
                request.maxTokens(),
                request.stop(),
                request.topLogprobs(),
                request.urgency(),
                model.constraints().compile(request.constraint()));
        return model.engine().submit(tokens, listener);
    }

    @Override
    public int countTokens(String baseModel, Prompt prompt) {
        return model(baseModel).prompts().encode(prompt).length;
    }

    @Override
    public void loadAdapter(AdapterId id, String baseModel, Path folder) {
        PeftAdapter adapter;
        try {
            adapter = PeftAdapterFolder.read(folder);
        } catch (BrokenModelFileException e) {
            throw new InferenceException.InvalidAdapter(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("adapter {} of {} cannot be read from {}", id.name(), id.tenant(), folder, e);
            throw new InferenceException.InvalidAdapter(
                    "The files of the adapter '%s' cannot be read; upload it again.".formatted(id.name()));
        }
        model(baseModel).engine().loadAdapter(id, adapter);
    }

    @Override
    public void unloadAdapter(AdapterId id) {
        served.values().forEach(model -> model.engine().unloadAdapter(id));
    }

    /** What the engines of the loaded models are doing, by model. */
    public Map<String, EngineMetrics> metrics() {
        Map<String, EngineMetrics> metrics = new TreeMap<>();
        served.forEach((id, model) -> metrics.put(id, model.engine().metrics()));
        return metrics;
    }

    /** The backends of the loaded models, by model, for people. */
    public Map<String, String> backends() {
        Map<String, String> backends = new TreeMap<>();
        served.forEach((id, model) -> backends.put(id, model.backendDescription()));
        return backends;
    }

    @Override
    public void close() {
        Map<String, ServedModel> open;
        synchronized (loading) {
            closed = true;
            open = new HashMap<>(served);
            served.clear();
        }
        open.values().forEach(ServedModel::close);
    }

    private ServedModel model(String id) {
        ServedModel model = served.get(id);
        if (model != null) {
            return model;
        }
        if (directory.find(id).isEmpty()) {
            throw new InferenceException.UnknownModel(id);
        }
        synchronized (loading) {
            if (closed) {
                throw new InferenceException.EngineFailed(
                        "The inference engine is shutting down; try again later.", new IllegalStateException("closed"));
            }
            return served.computeIfAbsent(id, this::load);
        }
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
