package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobCheckpoint;
import java.util.List;
import java.util.Optional;

/** The points from which a job can go on. */
final class JobCheckpoints extends Div {
    private static final long serialVersionUID = 1L;
    private static final int ROWS_IN_SIGHT = 6;

    private final Grid<JobCheckpoint> grid = new Grid<>();
    private final Span none = new Span(text("finetuning.checkpoints.none"));
    private transient List<JobCheckpoint> shown = List.of();
    private String model = "";

    JobCheckpoints() {
        grid.setId("checkpoints-grid");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT);
        grid.addColumn(checkpoint -> number((long) checkpoint.step()))
                .setHeader(text("finetuning.step"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(checkpoint -> loss(checkpoint.trainLoss()))
                .setHeader(text("finetuning.train_loss"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(checkpoint -> loss(checkpoint.validLoss()))
                .setHeader(text("finetuning.valid_loss"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(checkpoint -> time(checkpoint.createdAt()))
                .setHeader(text("finetuning.events.when"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(checkpoint -> model + ":ckpt-step-" + checkpoint.step())
                .setHeader(text("finetuning.checkpoints.name"))
                .setFlexGrow(1);
        none.addClassName("muted");
        grid.setVisible(false);
        add(grid, none);
    }

    /** @param now newest first; none = nothing new is known */
    void show(FineTuningJob job, List<JobCheckpoint> now) {
        if (now.isEmpty() || now.equals(shown)) {
            return;
        }
        model = job.modelName();
        shown = now;
        boolean few = now.size() <= ROWS_IN_SIGHT;
        grid.setAllRowsVisible(few);
        if (!few) {
            grid.setHeight("16rem");
        }
        grid.setItems(now);
        grid.setVisible(true);
        none.setVisible(false);
    }

    private static String loss(Optional<Double> loss) {
        return loss.map(value -> number(value, 4)).orElse("–");
    }
}
