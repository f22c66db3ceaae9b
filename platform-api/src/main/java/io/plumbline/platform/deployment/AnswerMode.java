package io.plumbline.platform.deployment;

import java.util.List;

/**
 * How the answers of a deployment leave.
 *
 * @param bufferingRules rules that need the whole answer before anything may leave, as {@code FIN-010@1}; none = answers are
 *     streamed as they are generated
 */
public record AnswerMode(List<String> bufferingRules) {
    public AnswerMode {
        bufferingRules = List.copyOf(bufferingRules);
    }

    /** Whether answers leave only when they are complete. */
    public boolean buffered() {
        return !bufferingRules.isEmpty();
    }

    /** As in JSON: streamed or buffered. */
    public String wireName() {
        return buffered() ? "buffered" : "streamed";
    }
}
