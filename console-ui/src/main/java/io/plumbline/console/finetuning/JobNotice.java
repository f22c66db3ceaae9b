package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import io.plumbline.console.i18n.Sentences;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobEvent;
import java.util.List;

/** What a person should know about a job right now: that it waits, goes on after an interruption, or why it ended. */
final class JobNotice extends Div {
    private static final long serialVersionUID = 1L;

    private final transient Interruption interruption = new Interruption();

    JobNotice() {
        setId("job-notice");
        // Read out when it changes.
        getElement().setAttribute("role", "status");
    }

    void show(FineTuningJob job, List<JobEvent> news) {
        news.forEach(interruption::see);
        switch (job.state()) {
            case VALIDATING_FILES -> tell("wait", text("finetuning.notice.validating"));
            case QUEUED -> tell("wait", text("finetuning.notice.queued"));
            case RUNNING -> running(job);
            case SUCCEEDED -> tell("good", text("finetuning.notice.succeeded", job.modelName()));
            case FAILED -> tell("bad", failed(job));
            case CANCELLED -> tell("ended", text("finetuning.notice.cancelled"));
        }
    }

    private void running(FineTuningJob job) {
        if (interruption.restart().isPresent()) {
            String restart = Sentences.inPageLanguage(interruption.restart().get());
            tell("wait", text("finetuning.notice.repeating", restart, number((long)
                    job.progress().stepsDone())));
        } else if (interruption.cause().isPresent()) {
            tell(
                    "wait",
                    text(
                            "finetuning.notice.interrupted",
                            Sentences.inPageLanguage(interruption.cause().get())));
        } else {
            setVisible(false);
        }
    }

    private static String failed(FineTuningJob job) {
        return job.error()
                .map(error -> text("finetuning.notice.failed", Sentences.inPageLanguage(error.message())))
                .orElseGet(() -> text("finetuning.notice.failed", ""));
    }

    private void tell(String kind, String message) {
        setVisible(true);
        setClassName("outcome");
        addClassName(kind);
        if (!message.equals(getText())) {
            setText(message);
        }
    }
}
