package io.plumbline.inference.weights;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Writes {@code adapter_config.json}, with every setting that PEFT needs to build the adapter anew. */
final class PeftConfigWriter {
    private PeftConfigWriter() {}

    static ObjectNode config(PeftAdapter adapter) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        Set<Integer> layers = new TreeSet<>();
        adapter.layers().keySet().forEach(site -> layers.add(site.layer()));
        boolean everyModuleInEveryLayer = adapter.layers().size()
                == layers.size() * adapter.targetModules().size();
        // Layers 0, 1, … without a gap are all there are, as far as anybody can see here.
        boolean someLayers = everyModuleInEveryLayer && !layers.equals(firstLayers(layers.size()));
        writePattern(config.putObject("alpha_pattern"), adapter, adapter.alpha(), adapter::alpha);
        config.putNull("auto_mapping");
        config.put("base_model_name_or_path", adapter.baseModel());
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("inference_mode", true);
        config.put("init_lora_weights", true);
        config.putNull("layers_pattern");
        if (someLayers) {
            layers.forEach(config.putArray("layers_to_transform")::add);
        } else {
            config.putNull("layers_to_transform");
        }
        put(config, "lora_alpha", adapter.alpha());
        config.put("lora_dropout", adapter.dropout());
        config.putNull("modules_to_save");
        config.put("peft_type", "LORA");
        config.put("r", adapter.rank());
        writePattern(config.putObject("rank_pattern"), adapter, adapter.rank(), site -> rank(adapter, site));
        config.putNull("revision");
        writeTargets(config.putArray("target_modules"), adapter, everyModuleInEveryLayer);
        config.put("task_type", "CAUSAL_LM");
        config.put("use_dora", false);
        config.put("use_rslora", adapter.rankStabilised());
        return config;
    }

    private static Set<Integer> firstLayers(int count) {
        Set<Integer> first = new HashSet<>();
        for (int i = 0; i < count; i++) {
            first.add(i);
        }
        return first;
    }

    private static int rank(PeftAdapter adapter, AdapterSite site) {
        LowRankPair pair = adapter.layers().get(site);
        return pair == null ? adapter.rank() : pair.rank();
    }

    /** Modules alone where that says it all, else every path by itself. */
    private static void writeTargets(ArrayNode targets, PeftAdapter adapter, boolean everyModuleInEveryLayer) {
        if (everyModuleInEveryLayer) {
            adapter.targetModules().forEach(module -> targets.add(module.moduleName()));
        } else {
            adapter.layers().keySet().forEach(site -> targets.add(PeftAdapterFolder.moduleName(site)));
        }
    }

    /**
     * A module that has the same other value in all its layers is a key by its name; else the layers are, by their path.
     * As an expression neither matches anything else, so their order does not matter.
     */
    private static void writePattern(
            ObjectNode pattern, PeftAdapter adapter, double usual, ToDoubleFunction<AdapterSite> value) {
        for (LinearModule module : adapter.targetModules()) {
            List<AdapterSite> sites = adapter.layers().keySet().stream()
                    .filter(site -> site.module() == module)
                    .toList();
            double first = value.applyAsDouble(sites.getFirst());
            if (sites.stream().allMatch(site -> value.applyAsDouble(site) == first)) {
                if (first != usual) {
                    put(pattern, module.moduleName(), first);
                }
                continue;
            }
            for (AdapterSite site : sites) {
                if (value.applyAsDouble(site) != usual) {
                    put(pattern, PeftAdapterFolder.moduleName(site), value.applyAsDouble(site));
                }
            }
        }
    }

    /** PEFT declares integers. */
    private static void put(ObjectNode object, String name, double value) {
        if (value == Math.rint(value) && value <= Integer.MAX_VALUE) {
            object.put(name, (int) value);
        } else {
            object.put(name, value);
        }
    }
}
