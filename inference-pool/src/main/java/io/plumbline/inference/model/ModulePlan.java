package io.plumbline.inference.model;

import io.plumbline.inference.weights.LinearModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One matrix of a decoder layer as files and adapters know it, and what the forward pass makes of it. Rows of a matrix
 * are stored one after the other, so a part is a plain range of the file, and the rows of an adapter's B split alike
 * while its A serves all parts.
 *
 * @param module its name
 * @param in input features
 * @param parts the projections whose rows it stacks, from the top
 */
public record ModulePlan(LinearModule module, int in, List<Part> parts) {
    public ModulePlan {
        parts = List.copyOf(parts);
    }

    /** A range of rows. */
    public record Part(Projection projection, int firstRow, int rows) {}

    /** Output features. */
    public int out() {
        return parts.getLast().firstRow() + parts.getLast().rows();
    }

    /** Every matrix of a layer, in the order of {@link LinearModule}. */
    static List<ModulePlan> of(ModelPlan plan, int layer) {
        Map<LinearModule, List<Part>> parts = new TreeMap<>();
        Map<LinearModule, Integer> in = new TreeMap<>();
        for (Projection projection : plan.layers().get(layer).projections()) {
            LinearModule module = plan.architecture().module(projection);
            List<Part> above = parts.computeIfAbsent(module, m -> new ArrayList<>());
            int first = above.isEmpty()
                    ? 0
                    : above.getLast().firstRow() + above.getLast().rows();
            above.add(new Part(projection, first, projection.out(plan, layer)));
            in.put(module, projection.in(plan, layer));
        }
        List<ModulePlan> modules = new ArrayList<>();
        parts.forEach((module, stacked) -> modules.add(new ModulePlan(module, in.getOrDefault(module, 0), stacked)));
        return modules;
    }
}
