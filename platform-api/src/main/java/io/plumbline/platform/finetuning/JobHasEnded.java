package io.plumbline.platform.finetuning;

import io.plumbline.finetune.job.JobState;
import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** What has ended cannot be cancelled. */
@AnswersWith(status = 400, code = "job_not_cancellable")
public final class JobHasEnded extends PlatformException {
    private static final long serialVersionUID = 1L;

    public JobHasEnded(String id, JobState state) {
        super("The job '%s' cannot be cancelled: it has %s.".formatted(id, state.wireName()), "id");
    }
}
