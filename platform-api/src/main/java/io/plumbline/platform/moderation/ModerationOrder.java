package io.plumbline.platform.moderation;

import io.plumbline.compliance.rule.Stage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Texts to be judged.
 *
 * @param inputs one result each; an input has one text, or several parts that are judged together
 * @param stages whether as what people send, as what a model answers, or as both
 */
public record ModerationOrder(List<List<ModeratedText>> inputs, Set<Stage> stages) {
    /** What people send and what a model answers. */
    public static final Set<Stage> STAGES = Set.copyOf(EnumSet.of(Stage.INPUT, Stage.OUTPUT));

    public ModerationOrder {
        inputs = inputs.stream().map(List::copyOf).toList();
        stages = Set.copyOf(stages);
        if (stages.isEmpty() || !STAGES.containsAll(stages)) {
            throw new IllegalArgumentException("texts are judged as INPUT, OUTPUT or both, not as " + stages);
        }
    }
}
