package io.plumbline.inference.pool;

import java.util.List;

/** The form that an answer is held to while it is generated. */
public sealed interface OutputConstraint {
    /** Any text. */
    record Free() implements OutputConstraint {}

    /** A JSON object, whatever is in it. */
    record JsonObject() implements OutputConstraint {}

    /**
     * JSON that satisfies a schema.
     *
     * @param schema the schema, as JSON
     * @param strict whether keywords that cannot be enforced are refused; else they are left out
     */
    record JsonSchema(String schema, boolean strict) implements OutputConstraint {}

    /** A text that matches a regular expression from beginning to end. */
    record Regex(String expression) implements OutputConstraint {}

    /** One of these texts. */
    record OneOf(List<String> texts) implements OutputConstraint {
        public OneOf {
            texts = List.copyOf(texts);
        }
    }

    /**
     * Calls of the tools of the prompt.
     *
     * @param use whether there has to be a call
     * @param several whether there may be more than one
     */
    record ToolCalls(List<ToolFunction> tools, ToolUse use, boolean several) implements OutputConstraint {
        public ToolCalls {
            tools = List.copyOf(tools);
            if (tools.isEmpty()) {
                throw new IllegalArgumentException("calls of no tools");
            }
        }
    }

    /** Any text. */
    static OutputConstraint free() {
        return new Free();
    }
}
