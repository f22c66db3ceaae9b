package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Span;
import io.plumbline.finetune.job.JobState;

/** The state of a job, in words and colour. */
final class JobBadge extends Span {
    private static final long serialVersionUID = 1L;

    JobBadge(JobState state) {
        show(state);
    }

    void show(JobState state) {
        setText(text("finetuning.state." + state.name()));
        setClassName("badge");
        addClassName(
                switch (state) {
                    case VALIDATING_FILES, QUEUED -> "wait";
                    case RUNNING -> "busy";
                    case SUCCEEDED -> "good";
                    case FAILED -> "bad";
                    case CANCELLED -> "ended";
                });
        // For programs that wait for a state, whatever the language.
        getElement().setAttribute("data-state", state.wireName());
    }
}
