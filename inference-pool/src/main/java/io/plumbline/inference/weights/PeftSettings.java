package io.plumbline.inference.weights;

import io.plumbline.inference.weights.pattern.ModuleName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code adapter_config.json} says. What it says wrongly is empty, so that the rest can still be compared with the
 * weights; whoever serves the adapter has refused it by then.
 *
 * @param baseModel base_model_name_or_path, empty if it has none
 * @param ranks r and rank_pattern
 * @param alphas lora_alpha and alpha_pattern
 * @param rankStabilised use_rslora
 * @param dropout lora_dropout
 * @param modules which modules have a delta
 */
record PeftSettings(
        String baseModel,
        Optional<ValuePattern> ranks,
        Optional<ValuePattern> alphas,
        boolean rankStabilised,
        double dropout,
        Optional<ModuleSelection> modules) {

    /** r of a module. */
    OptionalInt rank(ModuleName module) {
        return ranks.map(values -> OptionalInt.of((int) values.of(module))).orElseGet(OptionalInt::empty);
    }

    /** Why a module should have no delta; empty = it is one that the settings name. */
    Optional<String> misplaced(ModuleName module, int layer) {
        return modules.flatMap(selection -> selection.refusal(module, layer));
    }
}
