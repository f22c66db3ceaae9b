package io.plumbline.platform.usage;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;
import java.util.OptionalInt;

/** The tenant has used its tokens of the day. */
@AnswersWith(status = 429, type = ErrorType.RATE_LIMIT, code = "insufficient_quota")
public final class QuotaExceeded extends PlatformException {
    private static final long serialVersionUID = 1L;

    private final int secondsToMidnight;

    /**
     * @param used tokens of today, running requests included
     * @param asked tokens this request may need
     */
    public QuotaExceeded(long limit, long used, long asked, int secondsToMidnight) {
        super(
                ("Your organisation may use %d tokens a day; %d are used or reserved and this request may need %d. Ask for"
                                + " less at once (max_completion_tokens, fewer inputs), wait until midnight UTC, or ask the operator for"
                                + " a higher limit.")
                        .formatted(limit, used, asked));
        this.secondsToMidnight = secondsToMidnight;
    }

    @Override
    public OptionalInt retryAfterSeconds() {
        return OptionalInt.of(secondsToMidnight);
    }
}
