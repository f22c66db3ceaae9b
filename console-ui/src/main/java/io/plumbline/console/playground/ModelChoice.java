package io.plumbline.console.playground;

import io.plumbline.platform.catalogue.ModelRoute;
import java.util.List;
import java.util.Locale;

/**
 * A model that may be asked.
 *
 * @param id the name callers use
 * @param tuned whether it is an adapter rather than the base model itself
 * @param packs rules that are on beside the floor, in alphabetical order
 * @param audience who reads its answers, such as {@code public}
 * @param buffered whether its answers leave only when they are complete, because a rule needs the whole
 */
record ModelChoice(String id, String baseModel, boolean tuned, List<String> packs, String audience, boolean buffered) {
    ModelChoice {
        packs = List.copyOf(packs);
    }

    static ModelChoice of(ModelRoute route, boolean buffered) {
        return new ModelChoice(
                route.id(),
                route.baseModel(),
                route.adapter().isPresent(),
                route.policy().packs().stream().sorted().toList(),
                route.policy().audience().name().toLowerCase(Locale.ROOT),
                buffered);
    }
}
