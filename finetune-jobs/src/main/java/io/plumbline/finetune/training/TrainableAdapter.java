package io.plumbline.finetune.training;

import io.plumbline.finetune.artifact.AdapterTensor;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.finetune.artifact.PeftFolder;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.model.AdapterGradients;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.model.Projection;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A low-rank adapter with its gradients and AdamW moments. Each of the four is one run of memory in which the tensors of
 * all layers follow each other (layer by layer, module by module, A before B), so that norm and update are one
 * kernel call, whose order of summation never changes.
 */
public final class TrainableAdapter implements AutoCloseable {
    private final Backend backend;
    private final List<AdapterTensor> tensors;
    private final Map<AdapterTensor, Slot> slots = new HashMap<>();
    private final long count;
    private final Buffer parameters;
    private final Buffer gradients;
    private final Buffer m;
    private final Buffer v;
    private final AdapterWeights weights;
    private final AdapterGradients accumulators;

    /**
     * Where one tensor lies.
     *
     * @param elements number of parameters
     * @param offset of its first element in each of the four runs
     */
    private record Slot(int elements, long offset) {}

    /** Everything zero. */
    public TrainableAdapter(ModelPlan plan, LoraConfig config, Backend backend) {
        this.backend = backend;
        this.tensors = PeftFolder.tensors(config, plan);
        this.count = layOut(config, plan);
        List<Buffer> owned = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                owned.add(backend.memory().allocate(count));
            }
        } catch (RuntimeException e) {
            owned.forEach(Buffer::close);
            throw e;
        }
        parameters = owned.get(0);
        gradients = owned.get(1);
        m = owned.get(2);
        v = owned.get(3);
        weights = weights(plan, config);
        accumulators = accumulators(plan, config);
    }

    private long layOut(LoraConfig config, ModelPlan plan) {
        long offset = 0;
        for (AdapterTensor tensor : tensors) {
            ModulePlan module = require(plan, tensor.layer(), tensor.module());
            int width =
                    switch (tensor.factor()) {
                        case A -> module.in();
                        case B -> module.out();
                    };
            int elements = Math.multiplyExact(config.rank(tensor.site()), width);
            slots.put(tensor, new Slot(elements, offset));
            offset += elements;
        }
        return offset;
    }

    private AdapterWeights weights(ModelPlan plan, LoraConfig config) {
        return new AdapterWeights(perLayer(
                plan,
                config,
                p -> new LoraAdapter(p.a(), p.b(), config.rank(p.site()), config.scale(p.site())),
                parameters));
    }

    private AdapterGradients accumulators(ModelPlan plan, LoraConfig config) {
        return new AdapterGradients(perLayer(plan, config, p -> new LoraGradient(p.a(), p.b()), gradients));
    }

    /** A and the rows of B of one projection of a linear layer. */
    private record Factors(AdapterSite site, Buffer a, Buffer b) {}

    /** The parts of a stacked module share its A, so their gradients of A add up in one place. */
    private <T> List<Map<Projection, T>> perLayer(
            ModelPlan plan, LoraConfig config, Function<Factors, T> make, Buffer run) {
        List<Map<Projection, T>> layers = new ArrayList<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            Map<Projection, T> entries = new EnumMap<>(Projection.class);
            for (LinearModule module : config.modules()) {
                AdapterSite site = new AdapterSite(layer, module);
                int rank = config.rank(site);
                Buffer a = slice(run, new AdapterTensor(layer, module, AdapterTensor.Factor.A));
                Buffer b = slice(run, new AdapterTensor(layer, module, AdapterTensor.Factor.B));
                for (ModulePlan.Part part : require(plan, layer, module).parts()) {
                    long first = (long) part.firstRow() * rank;
                    Buffer rows = b.slice(first, (long) part.rows() * rank);
                    entries.put(part.projection(), make.apply(new Factors(site, a, rows)));
                }
            }
            layers.add(entries);
        }
        return layers;
    }

    private static ModulePlan require(ModelPlan plan, int layer, LinearModule module) {
        return plan.module(layer, module)
                .orElseThrow(() -> new IllegalArgumentException(
                        "layer %d of the model has no %s".formatted(layer, module.moduleName())));
    }

    private Buffer slice(Buffer run, AdapterTensor tensor) {
        Slot slot = slot(tensor);
        return run.slice(slot.offset(), slot.elements());
    }

    private Slot slot(AdapterTensor tensor) {
        Slot slot = slots.get(tensor);
        if (slot == null) {
            throw new IllegalArgumentException("this adapter has no " + tensor);
        }
        return slot;
    }

    /** Every tensor, in the order of the memory. */
    public List<AdapterTensor> tensors() {
        return tensors;
    }

    /** Number of elements of one tensor. */
    public int elements(AdapterTensor tensor) {
        return slot(tensor).elements();
    }

    /** Number of trained parameters. */
    public long parameterCount() {
        return count;
    }

    public AdapterWeights weights() {
        return weights;
    }

    public AdapterGradients accumulators() {
        return accumulators;
    }

    /** Sets all gradients to zero. */
    public void clearGradients() {
        backend.kernels().fill(count, 0, gradients);
    }

    /** Global norm of all gradients. */
    public double gradientNorm() {
        return Math.sqrt(backend.kernels().sumOfSquares(count, gradients));
    }

    /** One AdamW update of all parameters. */
    public void update(AdamWStep step) {
        backend.kernels().adamW(step, count, parameters, gradients, m, v);
        backend.synchronize();
    }

    /** What a run of memory holds. */
    public enum Content {
        PARAMETERS,
        GRADIENTS,
        FIRST_MOMENTS,
        SECOND_MOMENTS
    }

    /** A copy of one tensor, row-major, in the row order of the base model's own weights. */
    public float[] read(Content content, AdapterTensor tensor) {
        Slot slot = slot(tensor);
        float[] values = new float[slot.elements()];
        backend.memory().read(run(content), slot.offset(), values, 0, values.length);
        return values;
    }

    /** Sets one tensor. */
    public void write(Content content, AdapterTensor tensor, float[] values) {
        Slot slot = slot(tensor);
        if (values.length != slot.elements()) {
            throw new IllegalArgumentException(
                    "%s holds %d elements, not %d".formatted(tensor, slot.elements(), values.length));
        }
        backend.memory().write(run(content), slot.offset(), values, 0, values.length);
    }

    private Buffer run(Content content) {
        return switch (content) {
            case PARAMETERS -> parameters;
            case GRADIENTS -> gradients;
            case FIRST_MOMENTS -> m;
            case SECOND_MOMENTS -> v;
        };
    }

    @Override
    public void close() {
        parameters.close();
        gradients.close();
        m.close();
        v.close();
    }
}
