package io.plumbline.inference.pool;

import java.util.List;
import java.util.Optional;

/** What a model continues. */
public sealed interface Prompt {
    /**
     * A conversation, rendered by the model's chat template.
     *
     * @param template Jinja source chosen by the tenant; empty = the template of the model file
     * @param tools functions that the model is told of
     */
    record Chat(List<ChatMessage> messages, Optional<String> template, List<ToolFunction> tools) implements Prompt {
        public Chat {
            tools = List.copyOf(tools);
        }

        /** A conversation without tools. */
        public Chat(List<ChatMessage> messages, Optional<String> template) {
            this(messages, template, List.of());
        }
    }

    /** Plain text; the model's BOS token is added if the model asks for one. */
    record Text(String text) implements Prompt {}
}
