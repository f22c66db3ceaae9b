package io.plumbline.finetune.dataset;

import io.plumbline.inference.pool.ChatMessage;
import java.util.List;

/**
 * One conversation to learn from.
 *
 * @param line line number in its file, from 1
 * @param turns in order; the last one is the assistant's
 */
public record ChatRow(int line, List<Turn> turns) {
    public ChatRow {
        turns = List.copyOf(turns);
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("a row has at least one turn (line %d)".formatted(line));
        }
    }

    /**
     * One message.
     *
     * @param message role and text
     * @param trained whether its tokens count in the loss: assistant messages without {@code "weight": 0}
     */
    public record Turn(ChatMessage message, boolean trained) {}

    /** The messages alone, as a chat template takes them. */
    public List<ChatMessage> messages() {
        return turns.stream().map(Turn::message).toList();
    }

    /** Unicode code points of all messages. */
    public long characters() {
        long count = 0;
        for (Turn turn : turns) {
            String text = turn.message().content();
            count += text.codePointCount(0, text.length());
        }
        return count;
    }
}
