package io.plumbline.finetune.dataset;

import io.plumbline.finetune.dataset.ChatRow.Turn;
import io.plumbline.finetune.dataset.ValidationReport.Problem;
import io.plumbline.inference.pool.ChatMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Renders rows with the model's chat template and marks what is trained: every assistant message that has not {@code
 * weight} 0, from where its generation prompt ends to the end of what the template writes after it (its end marker).
 *
 * <p>Where a message begins and ends is found by rendering the conversation up to it: with generation prompt for the
 * beginning, with the message for the end. That is how the model is prompted later, so training and serving see the same
 * tokens, and it needs no knowledge of the template. It needs, though, that a conversation's rendering begins with the
 * rendering of its beginning; a row for which that does not hold (some templates drop earlier reasoning) is refused
 * instead of trained on the wrong tokens.
 */
public final class RowTokenizer {
    private final ChatEncoding encoding;
    private final int maxTokens;

    /** Cuts rows after {@code maxTokens} tokens. */
    public RowTokenizer(ChatEncoding encoding, int maxTokens) {
        if (maxTokens < 2) {
            throw new IllegalArgumentException("a row needs at least 2 tokens, not " + maxTokens);
        }
        this.encoding = encoding;
        this.maxTokens = maxTokens;
    }

    /** What became of a row. */
    public sealed interface Result {
        /** Usable. */
        record Usable(TokenizedRow row) implements Result {}

        /**
         * All that should be learnt lies behind the cut.
         *
         * @param row without a target
         * @param tokens of the whole conversation
         */
        record CutOff(TokenizedRow row, int tokens) implements Result {}

        /** The chat template cannot be applied to it. */
        record Refused(Problem problem) implements Result {}
    }

    /** Renders, cuts and marks one row. */
    public Result tokenize(ChatRow row) {
        try {
            return mark(row);
        } catch (IllegalArgumentException e) {
            String reason = "the chat template refuses this conversation: " + e.getMessage();
            return new Result.Refused(new Problem(row.line(), "messages", reason));
        }
    }

    private Result mark(ChatRow row) {
        List<ChatMessage> messages = row.messages();
        for (int i = 0; i < messages.size(); i++) {
            Optional<String> control = encoding.controlToken(messages.get(i).content());
            if (control.isPresent()) {
                return new Result.Refused(new Problem(
                        row.line(),
                        "messages[%d].content".formatted(i),
                        "the text spells out the model's control token %s; expected plain text, the chat template adds control tokens"
                                .formatted(control.get())));
            }
        }
        String text = encoding.render(messages, false);
        int[] tokens = encoding.tokenize(text);
        boolean[] trained = new boolean[tokens.length];
        for (int i = 0; i < messages.size(); i++) {
            Turn turn = row.turns().get(i);
            if (!turn.trained()) {
                continue;
            }
            String before = encoding.render(messages.subList(0, i), true);
            boolean last = i == messages.size() - 1;
            String after = last ? text : encoding.render(messages.subList(0, i + 1), false);
            if (!after.startsWith(before) || !text.startsWith(after)) {
                return new Result.Refused(new Problem(
                        row.line(),
                        "messages[%d]".formatted(i),
                        "the chat template writes this message differently inside the conversation than when it answers;"
                                + " expected a row that ends with the answer to learn"));
            }
            int from = encoding.tokenize(before).length;
            int to = last ? tokens.length : Math.min(tokens.length, encoding.tokenize(after).length);
            Arrays.fill(trained, Math.min(from, to), to, true);
        }
        return cut(row.line(), tokens, trained);
    }

    private Result cut(int line, int[] all, boolean[] trained) {
        int length = Math.min(all.length, maxTokens);
        int[] targets = new int[length];
        Arrays.fill(targets, -1);
        int count = 0;
        for (int i = 0; i + 1 < length; i++) {
            if (trained[i + 1]) {
                targets[i] = all[i + 1];
                count++;
            }
        }
        var row = new TokenizedRow(line, Arrays.copyOf(all, length), targets, count);
        return count == 0 ? new Result.CutOff(row, all.length) : new Result.Usable(row);
    }
}
