package io.plumbline.console.overview;

import io.plumbline.console.overview.Overview.Step;
import io.plumbline.console.session.Desk;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobState;
import io.plumbline.platform.dataset.TrainingFiles;
import io.plumbline.platform.deployment.Deployment;
import io.plumbline.platform.deployment.DeploymentState;
import io.plumbline.platform.deployment.Deployments;
import io.plumbline.platform.finetuning.FineTuning;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.usage.Usage;
import io.plumbline.platform.usage.UsageGroup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the organisation builds: models in service, trainings, how far it is on the way to its own model. */
@Desk
@ApplicationScoped
class WorkDesk {
    private static final int JOBS = 5;
    /** What the names of fine-tuned models begin with. */
    private static final String TUNED = "ft:";

    /** Since when a chat counts as tried. */
    private static final Duration LOOK_BACK = Duration.ofDays(30);

    private final Deployments deployments;
    private final FineTuning fineTuning;
    private final TrainingFiles files;
    private final Usage usage;
    private final Clock clock;

    @Inject
    WorkDesk(Deployments deployments, FineTuning fineTuning, TrainingFiles files, Usage usage, Clock clock) {
        this.deployments = deployments;
        this.fineTuning = fineTuning;
        this.files = files;
        this.usage = usage;
        this.clock = clock;
    }

    @RequiresScope(Scope.DEPLOYMENTS_READ)
    public List<Deployment> liveModels() {
        return live();
    }

    private List<Deployment> live() {
        return deployments.list().stream()
                .filter(deployment -> deployment.state() == DeploymentState.LIVE)
                .toList();
    }

    @RequiresScope(Scope.FINE_TUNING_READ)
    public List<FineTuningJob> newestJobs() {
        return jobs();
    }

    private List<FineTuningJob> jobs() {
        return fineTuning.list(Optional.empty(), JOBS).items();
    }

    /** Which steps are behind the organisation; a live model of its own proves all before it. */
    @RequiresScope(Scope.FINE_TUNING_WRITE)
    public Set<Step> done() {
        Set<Step> done = EnumSet.noneOf(Step.class);
        if (!files.page(Optional.empty(), true, 1).isEmpty()) {
            done.add(Step.UPLOAD);
        }
        if (jobs().stream().anyMatch(job -> job.state() == JobState.SUCCEEDED)) {
            done.addAll(EnumSet.of(Step.UPLOAD, Step.TUNE));
        }
        if (live().stream().anyMatch(Deployment::tuned)) {
            done.addAll(EnumSet.of(Step.UPLOAD, Step.TUNE, Step.DEPLOY));
        }
        Instant now = clock.instant();
        if (usage.sums(now.minus(LOOK_BACK), now.plusSeconds(1), UsageGroup.MODEL).stream()
                .anyMatch(sum -> sum.group().startsWith(TUNED))) {
            done.add(Step.CHAT);
        }
        return done;
    }
}
