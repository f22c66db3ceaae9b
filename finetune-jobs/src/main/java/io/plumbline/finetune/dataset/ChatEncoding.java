package io.plumbline.finetune.dataset;

import io.plumbline.inference.pool.ChatMessage;
import java.util.List;
import java.util.Optional;

/** How a model writes conversations: its chat template and its tokenizer. */
public interface ChatEncoding {
    /**
     * The conversation as the model's text.
     *
     * @param addGenerationPrompt whether the text ends where the assistant's next answer begins
     * @throws IllegalArgumentException if the template refuses the conversation; the message says why
     */
    String render(List<ChatMessage> messages, boolean addGenerationPrompt);

    /**
     * The first control token spelled out in a message, if there is one. Such a message would be read as the end of a
     * turn or the beginning of another one.
     */
    Optional<String> controlToken(String content);

    /** Token ids of a rendered text; control tokens written in it count as one token, and nothing is added. */
    int[] tokenize(String rendered);
}
