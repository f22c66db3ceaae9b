package io.plumbline.console.overview;

import io.plumbline.compliance.review.CaseCounts;
import io.plumbline.compliance.review.CaseSummary;
import io.plumbline.compliance.rule.Action;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.platform.deployment.Deployment;
import io.plumbline.platform.health.InstallationPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the first page shows at one moment. A part that the person may not see is empty.
 *
 * @param models live ones
 * @param jobs the newest
 * @param verdicts of today, by what the rules asked for
 * @param done steps on the way to an own model; empty for people who do not walk it
 */
record Overview(
        Optional<List<Deployment>> models,
        Optional<List<FineTuningJob>> jobs,
        Optional<Waiting> waiting,
        Optional<Today> today,
        Optional<Map<Action, Long>> verdicts,
        Optional<Set<Step>> done,
        Map<InstallationPart, Boolean> parts) {

    /**
     * Held answers of all tenants that the person may review for.
     *
     * @param first the most urgent ones
     */
    record Waiting(CaseCounts counts, List<CaseSummary> first) {}

    /** Requests answered and tokens used since midnight UTC. */
    record Today(long answers, long tokens) {}

    /** What leads a new tenant to its first own model, in this order. */
    enum Step {
        UPLOAD("datasets"),
        TUNE("finetuning"),
        DEPLOY("models"),
        CHAT("playground");

        private final String route;

        Step(String route) {
            this.route = route;
        }

        /** Where it is done. */
        String route() {
            return route;
        }
    }
}
