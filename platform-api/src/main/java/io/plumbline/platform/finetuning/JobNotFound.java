package io.plumbline.platform.finetuning;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.NotFound;

/** The tenant has no such fine-tuning job. */
@AnswersWith(status = 404, code = "job_not_found")
public final class JobNotFound extends NotFound {
    private static final long serialVersionUID = 1L;

    public JobNotFound(String id) {
        super("fine-tuning job", id);
    }
}
