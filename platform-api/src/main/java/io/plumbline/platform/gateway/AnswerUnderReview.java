package io.plumbline.platform.gateway;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** What a person has still to decide on is not deleted. */
@AnswersWith(status = 409, code = "answer_under_review")
public final class AnswerUnderReview extends PlatformException {
    private static final long serialVersionUID = 1L;

    public AnswerUnderReview(String id) {
        super(
                "The chat completion '%s' is held until a reviewer decides; delete it after that. GET tells when it is decided: finish_reason is then 'stop', or the message says that it was not released."
                        .formatted(id),
                "id");
    }
}
