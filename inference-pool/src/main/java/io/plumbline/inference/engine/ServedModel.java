package io.plumbline.inference.engine;

import io.plumbline.inference.constraint.ConstraintCompiler;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A model file with everything that serves it: owns backend, weights and engine. */
public final class ServedModel implements AutoCloseable {
    /** Of the activations that enter linear layers. */
    public static final ActivationPrecision PRECISION = ActivationPrecision.INT8;

    private final Backend backend;
    private final LoadedModel model;
    private final PromptEncoder prompts;
    private final ConstraintCompiler constraints;
    private final InferenceEngine engine;

    private ServedModel(String name, Path file, Backend backend, EngineLimits limits) throws IOException {
        this.backend = backend;
        GgufFile gguf = GgufFile.open(file);
        this.model = LoadedModel.of(gguf, backend, PRECISION);
        try {
            Tokenizer tokenizer = GgufTokenizers.of(gguf.metadata());
            Optional<String> template = gguf.metadata().text("tokenizer.chat_template");
            this.prompts = new PromptEncoder(name, tokenizer, template);
            this.constraints = new ConstraintCompiler(tokenizer, GrammarLimits.defaults());
            gguf.unloadMetadata();
            this.engine = new InferenceEngine(name, model, tokenizer, limits);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Loads a GGUF file and starts its engine.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if the file is damaged
     * @throws io.plumbline.inference.model.UnsupportedModelException if this product cannot run it
     * @throws io.plumbline.inference.kernel.KernelException if the backend is not there or short of memory
     * @throws IOException if the file cannot be read at all
     */
    public static ServedModel open(
            String name, Path file, String backendName, BackendOptions options, EngineLimits limits)
            throws IOException {
        Backend backend = Backends.open(backendName, options);
        try {
            return new ServedModel(name, file, backend, limits);
        } catch (RuntimeException | IOException e) {
            backend.close();
            throw e;
        }
    }

    public PromptEncoder prompts() {
        return prompts;
    }

    /** The forms that answers can be held to. */
    public ConstraintCompiler constraints() {
        return constraints;
    }

    public InferenceEngine engine() {
        return engine;
    }

    /** The backend that computes, for people. */
    public String backendDescription() {
        return "%s (%s)".formatted(backend.name(), backend.description());
    }

    @Override
    public void close() {
        engine.close();
        model.close();
        backend.close();
    }
}
