package io.plumbline.inference.model;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.WeightFile;
import io.plumbline.inference.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tensors of a file onto a backend as a plan asks for them. Every tensor must have the shape that the plan
 * says, and every tensor of the file must have been asked for: a leftover means that the model computes something that
 * the plan does not know of, and running it anyway would give wrong answers.
 */
final class WeightLoader {
    private final ModelConfig config;
    private final ModelPlan plan;
    private final WeightFile file;
    private final DeviceMemory memory;
    private final ActivationPrecision precision;
    private final Set<String> used = new LinkedHashSet<>();
    private final List<AutoCloseable> owned = new ArrayList<>();

    private WeightLoader(
            ModelConfig config, ModelPlan plan, WeightFile file, DeviceMemory memory, ActivationPrecision precision) {
        this.config = config;
        this.plan = plan;
        this.file = file;
        this.memory = memory;
        this.precision = precision;
    }

    /**
     * Uploads everything.
     *
     * @throws UnsupportedModelException if the backend lacks a format or the file holds tensors nobody asked for
     * @throws BrokenModelFileException if a tensor is missing or has the wrong shape
     */
    static ModelWeights load(
            ModelConfig config, ModelPlan plan, WeightFile file, Backend backend, ActivationPrecision precision) {
        Set<QuantFormat> formats = EnumSet.noneOf(QuantFormat.class);
        for (String name : file.names()) {
            formats.add(file.tensor(name).format());
        }
        List<String> reasons = backend.unsupported(formats);
        if (!reasons.isEmpty()) {
            throw new UnsupportedModelException(reasons);
        }
        WeightLoader loader = new WeightLoader(config, plan, file, backend.memory(), precision);
        try {
            return loader.load();
        } catch (RuntimeException e) {
            closeAll(loader.owned);
            throw e;
        }
    }

    /** Closes in reverse order; none of our resources throws a checked exception. */
    static void closeAll(Collection<AutoCloseable> resources) {
        for (AutoCloseable resource : List.copyOf(resources).reversed()) {
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private ModelWeights load() {
        String table = name(TensorRole.EMBEDDING, 0);
        String headName = name(TensorRole.HEAD, 0);
        boolean untied = file.find(headName).isPresent();
        Weight embedding =
                matrix(table, plan.vocabulary(), plan.hidden(), untied ? ActivationPrecision.FLOAT32 : precision);
        Weight head = untied ? matrix(headName, plan.vocabulary(), plan.hidden(), precision) : embedding;
        Buffer finalNorm = norm(TensorRole.FINAL_NORM, 0, plan.hidden());
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < plan.layers().size(); i++) {
            layers.add(layer(i));
        }
        Map<RopePlan, RopeTable> tables = ropeTables();
        refuseLeftovers();
        return new ModelWeights(layers, new ModelWeights.Ends(embedding, finalNorm, head), tables, owned);
    }

    private LayerWeights layer(int layer) {
        LayerPlan layerPlan = plan.layers().get(layer);
        Map<Projection, Linear> projections = new EnumMap<>(Projection.class);
        plan.modules(layer).forEach(module -> projections.putAll(parts(module, layer)));
        int headDim = layerPlan.attention().headDim();
        boolean headNorms = layerPlan.queryKeyNorm();
        boolean postNorms = layerPlan.postNorms();
        return new LayerWeights(
                projections,
                new LayerWeights.Norms(
                        norm(TensorRole.ATTENTION_NORM, layer, plan.hidden()),
                        normIf(headNorms, TensorRole.QUERY_NORM, layer, headDim),
                        normIf(headNorms, TensorRole.KEY_NORM, layer, headDim),
                        normIf(postNorms, TensorRole.POST_ATTENTION_NORM, layer, plan.hidden()),
                        norm(TensorRole.FEED_FORWARD_NORM, layer, plan.hidden()),
                        normIf(postNorms, TensorRole.POST_FEED_FORWARD_NORM, layer, plan.hidden())),
                latentNorms(layer),
                experts(layer));
    }

    private LayerWeights.@Nullable LatentNorms latentNorms(int layer) {
        LatentPlan latent = plan.layers().get(layer).latent();
        return latent == null
                ? null
                : new LayerWeights.LatentNorms(
                        norm(TensorRole.QUERY_LATENT_NORM, layer, latent.queryRank()),
                        norm(TensorRole.KEY_VALUE_LATENT_NORM, layer, latent.keyValueRank()));
    }

    private @Nullable ExpertWeights experts(int layer) {
        return switch (plan.layers().get(layer).feedForward()) {
            case FeedForwardPlan.Dense dense -> null;
            case FeedForwardPlan.Experts experts -> {
                int count = experts.count();
                List<Weight> gates = matrices(LinearModule.GATE_PROJ, layer, count, experts.width(), plan.hidden());
                List<Weight> ups = matrices(LinearModule.UP_PROJ, layer, count, experts.width(), plan.hidden());
                List<Weight> downs = matrices(LinearModule.DOWN_PROJ, layer, count, plan.hidden(), experts.width());
                yield new ExpertWeights(
                        // Rounded activations would send rows to other experts.
                        matrix(name(TensorRole.ROUTER, layer), count, plan.hidden(), ActivationPrecision.FLOAT32),
                        IntStream.range(0, count)
                                .mapToObj(e -> new ExpertWeights.Expert(gates.get(e), ups.get(e), downs.get(e)))
                                .toList());
            }
        };
    }

    /** One matrix [out, in] per expert: tensors of their own, or one stack of them. */
    private List<Weight> matrices(LinearModule module, int layer, int count, int out, int in) {
        List<Weight> matrices = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            String name = config.naming().expert(module, layer, e);
            matrices.add(
                    config.naming().stacksExperts()
                            ? upload(
                                    tensor(name, List.of((long) count, (long) out, (long) in)), e * out, out, precision)
                            : matrix(name, out, in, precision));
        }
        return matrices;
    }

    /** The projections that one matrix of the file stacks. */
    private Map<Projection, Linear> parts(ModulePlan module, int layer) {
        WeightTensor tensor = tensor(config.naming().weight(module.module(), layer), module.out(), module.in());
        String biasName = config.naming().bias(module.module(), layer);
        @Nullable Buffer bias = file.find(biasName).isPresent() ? vector(biasName, module.out(), 0) : null;
        Map<Projection, Linear> projections = new EnumMap<>(Projection.class);
        for (ModulePlan.Part part : module.parts()) {
            Weight weight = upload(tensor, part.firstRow(), part.rows(), precision);
            Buffer ownBias = bias == null ? null : bias.slice(part.firstRow(), part.rows());
            projections.put(part.projection(), new Linear(weight, ownBias));
        }
        return projections;
    }

    private Map<RopePlan, RopeTable> ropeTables() {
        Optional<WeightTensor> divisors = file.find(name(TensorRole.ROPE_DIVISORS, 0));
        divisors.ifPresent(tensor -> used.add(tensor.name()));
        // What the two lists of long rope say is in the configuration already.
        used.add(name(TensorRole.ROPE_SHORT_DIVISORS, 0));
        used.add(name(TensorRole.ROPE_LONG_DIVISORS, 0));
        float[] divisorOfPair = divisors.map(this::floats).orElse(new float[0]);
        Map<RopePlan, RopeTable> tables = new HashMap<>();
        for (LayerPlan layer : plan.layers()) {
            RopePlan rope = layer.rope();
            if (divisorOfPair.length != 0 && divisorOfPair.length != rope.rotaryDim() / 2) {
                throw broken("'%s' has %d elements where %d pairs rotate"
                        .formatted(name(TensorRole.ROPE_DIVISORS, 0), divisorOfPair.length, rope.rotaryDim() / 2));
            }
            if (!tables.containsKey(rope)) {
                RopeTable table = new RopeTable(rope, plan.contextLength(), divisorOfPair, memory);
                owned.add(table);
                tables.put(rope, table);
            }
        }
        return tables;
    }

    private void refuseLeftovers() {
        List<String> leftovers = file.names().stream()
                .filter(name -> !used.contains(name))
                .filter(name -> !name.endsWith("rotary_emb.inv_freq"))
                .toList();
        if (!leftovers.isEmpty()) {
            throw new UnsupportedModelException(
                    List.of(("the file holds %d tensors that a model of the %s family does not have, such as '%s':"
                                    + " it is another architecture; use a model of one of these: %s")
                            .formatted(
                                    leftovers.size(),
                                    plan.architecture().ggufName(),
                                    leftovers.getFirst(),
                                    Architecture.supported())));
        }
    }

    private Weight matrix(String name, int rows, int columns, ActivationPrecision activations) {
        return upload(tensor(name, rows, columns), 0, rows, activations);
    }

    private Weight upload(WeightTensor tensor, int firstRow, int rows, ActivationPrecision activations) {
        Weight weight =
                memory.upload(tensor.rows(firstRow, rows), tensor.format(), rows, tensor.columns(), activations);
        owned.add(weight);
        return weight;
    }

    private WeightTensor tensor(String name, int rows, int columns) {
        return tensor(name, List.of((long) rows, (long) columns));
    }

    private WeightTensor tensor(String name, List<Long> shape) {
        WeightTensor tensor = file.tensor(name);
        if (!tensor.dimensions().equals(shape)) {
            throw broken("the tensor '%s' has shape %s where the configuration asks for %s"
                    .formatted(name, tensor.dimensions(), shape));
        }
        used.add(name);
        return tensor;
    }

    private @Nullable Buffer normIf(boolean wanted, TensorRole role, int layer, int width) {
        return wanted ? norm(role, layer, width) : null;
    }

    private Buffer norm(TensorRole role, int layer, int width) {
        float offset =
                config.naming() == TensorNaming.GGUF ? 0 : plan.architecture().huggingFaceNormOffset();
        return vector(name(role, layer), width, offset);
    }

    private Buffer vector(String name, int width, float offset) {
        WeightTensor tensor = file.tensor(name);
        if (tensor.elements() != width) {
            throw broken("the tensor '%s' has shape %s where the configuration asks for [%d]"
                    .formatted(name, tensor.dimensions(), width));
        }
        used.add(name);
        float[] values = floats(tensor);
        for (int i = 0; i < width; i++) {
            values[i] += offset;
        }
        return upload(values);
    }

    /** Vectors are few and small enough to be looked at; numbers in matrices show in what the model answers. */
    private float[] floats(WeightTensor tensor) {
        if (tensor.format().blockElements() > 1) {
            throw broken("the tensor '%s' is stored as %s where plain floats belong"
                    .formatted(tensor.name(), tensor.format()));
        }
        float[] values = tensor.toFloats();
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw broken("the tensor '%s' contains %s".formatted(tensor.name(), value));
            }
        }
        return values;
    }

    private Buffer upload(float[] values) {
        Buffer buffer = memory.allocate(values.length);
        owned.add(buffer);
        memory.write(buffer, 0, values, 0, values.length);
        return buffer;
    }

    private String name(TensorRole role, int layer) {
        return config.naming().name(role, layer);
    }

    private BrokenModelFileException broken(String fault) {
        return new BrokenModelFileException(
                file.path(), -1, fault, "The file is damaged or mixed up; download or convert the model again.");
    }
}
