package io.plumbline.inference.model;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.SafetensorsFile;
import io.plumbline.inference.weights.SafetensorsShards;
import io.plumbline.inference.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on a backend: owns the mapped file and the uploaded weights. The backend belongs to the caller and must
 * outlive the model.
 */
public final class LoadedModel implements AutoCloseable {
    private final WeightFile file;
    private final ModelConfig config;
    private final ModelPlan plan;
    private final ModelWeights weights;
    private final Backend backend;

    private LoadedModel(WeightFile file, ModelConfig config, Backend backend, ActivationPrecision precision) {
        this.file = file;
        this.config = config;
        this.plan = config.plan();
        this.backend = backend;
        this.weights = WeightLoader.load(config, plan, file, backend, precision);
    }

    /**
     * Loads a GGUF file, or a folder with {@code config.json} and safetensors in one file or several, for products with float
     * activations.
     *
     * @throws BrokenModelFileException if a file is damaged
     * @throws UnsupportedModelException with every reason why this product cannot run the model
     * @throws IOException if a file cannot be read at all
     */
    public static LoadedModel open(Path path, Backend backend) throws IOException {
        return open(path, backend, ActivationPrecision.FLOAT32);
    }

    /** The same, with a choice of how precise the activations are that enter linear layers. */
    public static LoadedModel open(Path path, Backend backend, ActivationPrecision precision) throws IOException {
        if (Files.isDirectory(path)) {
            ModelConfig config = ModelConfig.read(path.resolve("config.json"));
            return of(config, SafetensorsShards.open(path), backend, precision);
        }
        return of(GgufFile.open(path), backend, precision);
    }

    /**
     * Uploads the weights of an open GGUF file, which then belongs to the model.
     *
     * @param precision of the activations that enter linear layers
     * @throws UnsupportedModelException with every reason why this product cannot run the model
     */
    public static LoadedModel of(GgufFile file, Backend backend, ActivationPrecision precision) {
        try {
            return new LoadedModel(file, ModelConfig.of(file), backend, precision);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Loads a model in Hugging Face layout. */
    public static LoadedModel open(Path configFile, Path safetensors, Backend backend) throws IOException {
        ModelConfig config = ModelConfig.read(configFile);
        return of(config, SafetensorsFile.open(safetensors), backend, ActivationPrecision.FLOAT32);
    }

    private static LoadedModel of(ModelConfig config, WeightFile file, Backend backend, ActivationPrecision precision) {
        try {
            return new LoadedModel(file, config, backend, precision);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public WeightFile file() {
        return file;
    }

    public ModelConfig config() {
        return config;
    }

    public ModelPlan plan() {
        return plan;
    }

    public ModelWeights weights() {
        return weights;
    }

    public Backend backend() {
        return backend;
    }

    /** The forward pass of this model. */
    public ForwardPass forwardPass() {
        return new ForwardPass(plan, weights, backend);
    }

    @Override
    public void close() {
        weights.close();
        file.close();
    }
}
