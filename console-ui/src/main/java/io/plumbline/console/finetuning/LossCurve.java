package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import io.plumbline.console.component.LineChart;
import io.plumbline.console.component.LineChart.Point;
import io.plumbline.finetune.job.JobEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Training and held-out loss over the steps, out of a job's events, which are kept: a page that is loaded again shows the
 * same curve. Long runs are thinned out to every n-th step, the same ones however the points come in.
 */
final class LossCurve extends Div {
    private static final long serialVersionUID = 1L;
    private static final int TRAINING = 0;
    private static final int HELD_OUT = 1;
    private static final int MOST_POINTS = 2000;

    private final LineChart chart = new LineChart(
            text("finetuning.curve"),
            text("finetuning.step"),
            List.of(text("finetuning.train_loss"), text("finetuning.valid_loss")));

    LossCurve() {
        setId("loss-curve");
        add(chart);
    }

    /** Adds what the events tell; those without a loss are passed over. */
    void add(List<JobEvent> events) {
        List<Point> training = new ArrayList<>();
        List<Point> heldOut = new ArrayList<>();
        for (JobEvent event : events) {
            Number step = event.data().get("step");
            if (step == null) {
                continue;
            }
            Number trainLoss = event.data().get("train_loss");
            if (trainLoss != null && drawn(step.intValue(), event)) {
                training.add(new Point(step.doubleValue(), trainLoss.doubleValue()));
            }
            Number validLoss = event.data().get("valid_loss");
            if (validLoss != null) {
                heldOut.add(new Point(step.doubleValue(), validLoss.doubleValue()));
            }
        }
        chart.add(TRAINING, training);
        chart.add(HELD_OUT, heldOut);
        // How many points there are, for those who cannot see them.
        getElement().setAttribute("data-points", chart.size(TRAINING) + "," + chart.size(HELD_OUT));
    }

    boolean isEmpty() {
        return chart.size(TRAINING) == 0 && chart.size(HELD_OUT) == 0;
    }

    private static boolean drawn(int step, JobEvent event) {
        Number total = event.data().get("total_steps");
        int last = total == null ? step : total.intValue();
        int every = Math.ceilDiv(Math.max(last, 1), MOST_POINTS);
        return every == 1 || step % every == 1 || step == last;
    }
}
