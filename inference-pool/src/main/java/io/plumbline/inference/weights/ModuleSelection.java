package io.plumbline.inference.weights;

import io.plumbline.inference.weights.pattern.ModuleName;
import io.plumbline.inference.weights.pattern.NamePattern;
import io.plumbline.inference.weights.pattern.StepLimit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which modules have a delta, by PEFT's {@code target_modules}, {@code exclude_modules}, {@code layers_to_transform} and
 * {@code layers_pattern}.
 *
 * @param targets those that have one
 * @param excluded those of them that have none after all
 * @param layers the only layers with deltas; empty = all
 * @param beforeLayerNumber expressions for a name up to and with the number of its layer, one of which must match where
 *     layers are given
 * @param limit of all matching
 */
record ModuleSelection(
        Names targets, Names excluded, Set<Integer> layers, List<NamePattern> beforeLayerNumber, StepLimit limit) {
    ModuleSelection {
        layers = Set.copyOf(layers);
        beforeLayerNumber = List.copyOf(beforeLayerNumber);
    }

    /** A set of module names. */
    sealed interface Names {
        /** Every linear layer: {@code all-linear}. */
        record All() implements Names {}

        /** Whole names, or what follows one of their dots. */
        record Ends(List<String> ends) implements Names {
            public Ends {
                ends = List.copyOf(ends);
            }
        }

        /** What an expression matches from beginning to end. */
        record Matching(NamePattern pattern) implements Names {}
    }

    /** Why a module of a layer should have no delta; empty = it is selected. */
    Optional<String> refusal(ModuleName module, int layer) {
        if (contains(excluded, module)) {
            return Optional.of("is among the exclude_modules");
        }
        if (!contains(targets, module)) {
            return Optional.of("is not among the target_modules");
        }
        boolean inLayers = layers.isEmpty()
                || (layers.contains(layer)
                        && beforeLayerNumber.stream().anyMatch(pattern -> pattern.matchesStart(module, limit)));
        return inLayers ? Optional.empty() : Optional.of("is not in the layers_to_transform");
    }

    private boolean contains(Names names, ModuleName module) {
        return switch (names) {
            case Names.All() -> true;
            case Names.Ends(List<String> ends) ->
                ends.stream()
                        .anyMatch(end ->
                                module.text().equals(end) || module.text().endsWith("." + end));
            case Names.Matching(NamePattern pattern) -> pattern.matchesAll(module, limit);
        };
    }
}
