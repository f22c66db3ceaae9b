package io.plumbline.platform.gateway;

import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.SamplingSettings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A conversation to be continued.
 *
 * @param model the name the caller used
 * @param choices how many answers, each drawn for itself
 * @param maxTokens most tokens of one answer; empty = up to the context length
 * @param stop strings that end an answer
 * @param topLogprobs empty = no log-probabilities
 * @param store whether the answer is kept to be read again
 * @param form what an answer is to look like
 * @param tier how soon it is wanted; empty = not said
 */
public record ChatQuestion(
        String model,
        List<ChatMessage> messages,
        SamplingSettings sampling,
        int choices,
        OptionalInt maxTokens,
        List<String> stop,
        OptionalInt topLogprobs,
        boolean store,
        AnswerForm form,
        Optional<ServiceTier> tier) {
    public ChatQuestion {
        messages = List.copyOf(messages);
        stop = List.copyOf(stop);
    }

    /** A question whose answer may be any text. */
    public ChatQuestion(
            String model,
            List<ChatMessage> messages,
            SamplingSettings sampling,
            int choices,
            OptionalInt maxTokens,
            List<String> stop,
            OptionalInt topLogprobs,
            boolean store) {
        this(
                model,
                messages,
                sampling,
                choices,
                maxTokens,
                stop,
                topLogprobs,
                store,
                AnswerForm.free(),
                Optional.empty());
    }

    /** Characters that the model reads, more or less: messages, calls and tools. */
    long characters() {
        long characters = 0;
        for (ChatMessage message : messages) {
            characters += message.content().length();
            characters += message.toolCalls().stream()
                    .mapToLong(call -> call.name().length() + call.arguments().length())
                    .sum();
        }
        return characters
                + form.tools().stream()
                        .mapToLong(tool -> tool.name().length()
                                + tool.description().length()
                                + tool.parameters().length())
                        .sum();
    }
}
