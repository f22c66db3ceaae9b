package io.plumbline.platform.embedding;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;
import java.util.OptionalInt;

/** As many requests are under way as this server takes. */
@AnswersWith(status = 429, type = ErrorType.CAPACITY, code = "embeddings_overloaded")
public final class EmbeddingsOverloaded extends PlatformException {
    private static final long serialVersionUID = 1L;
    private static final int RETRY_SECONDS = 2;

    EmbeddingsOverloaded(int requests) {
        super("%d requests for embeddings are under way already. Try again in %d s."
                .formatted(requests, RETRY_SECONDS));
    }

    @Override
    public OptionalInt retryAfterSeconds() {
        return OptionalInt.of(RETRY_SECONDS);
    }
}
