package io.plumbline.platform.embedding;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** A text, or all of a request, has more tokens than are embedded at once. */
@AnswersWith(status = 400, code = "context_length_exceeded")
public final class InputTooLong extends PlatformException {
    private static final long serialVersionUID = 1L;

    private InputTooLong(String param, String message) {
        super(message, param);
    }

    /** @param param where the text stands, such as {@code input[3]} */
    static InputTooLong text(String param, int tokens) {
        return new InputTooLong(
                param,
                "'%s' has %d tokens; %s reads at most %d of one text. Split it into parts, nothing is cut off silently."
                        .formatted(param, tokens, EmbeddingModel.ID, EmbeddingModel.MAX_TOKENS));
    }

    static InputTooLong request(long most) {
        return new InputTooLong(
                "input", "'input' has more than %d tokens in all. Send the texts in several requests.".formatted(most));
    }
}
