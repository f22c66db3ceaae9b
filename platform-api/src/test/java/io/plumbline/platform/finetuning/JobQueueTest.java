package io.plumbline.platform.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.plumbline.finetune.job.CancelResult;
import io.plumbline.finetune.job.ClaimedJob;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.FineTuningJobs;
import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobError;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobFiles;
import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.JobLedger;
import io.plumbline.finetune.job.JobPriority;
import io.plumbline.finetune.job.JobQueue;
import io.plumbline.finetune.job.JobQueue.Work;
import io.plumbline.finetune.job.JobSettings;
import io.plumbline.finetune.job.JobState;
import io.plumbline.finetune.job.LeaseLostException;
import io.plumbline.finetune.job.LeaseState;
import io.plumbline.finetune.job.NewJob;
import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.testing.PlatformTest;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims, leases and fencing, on a real PostgreSQL. */
@PlatformTest
@TestProfile(NoTrainer.class)
class JobQueueTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");
    private static final Duration LEASE = Duration.ofMinutes(5);

    @Inject
    FineTuningJobs jobs;

    @Inject
    JobQueue queue;

    @Inject
    JobLedger ledger;

    @Inject
    CurrentTenant currentTenant;

    @Inject
    @DataSource("worker")
    AgroalDataSource worker;

    @BeforeEach
    void noOtherJobWaitsOrRuns() throws SQLException {
        execute("update fine_tuning_job set lease_until = null, lease_owner = null");
        for (Work work : Work.values()) {
            for (Optional<ClaimedJob> left = queue.claim(work, "sweep", LEASE);
                    left.isPresent();
                    left = queue.claim(work, "sweep", LEASE)) {
                ledger.fail(left.get(), new JobError("swept", "left by another test", Optional.empty()));
            }
        }
    }

    @Test
    void tenantsTakeTurns() {
        JobId h1 = queued(HOSPITAL, JobPriority.NORMAL);
        JobId h2 = queued(HOSPITAL, JobPriority.NORMAL);
        JobId b1 = queued(BROKER, JobPriority.NORMAL);
        JobId b2 = queued(BROKER, JobPriority.NORMAL);

        List<JobId> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ClaimedJob claim = queue.claim(Work.TRAIN, "worker", LEASE).orElseThrow();
            ledger.start(claim);
            order.add(claim.job());
        }

        assertThat(order.subList(0, 2)).containsExactlyInAnyOrder(h1, b1);
        assertThat(order.subList(2, 4)).containsExactlyInAnyOrder(h2, b2);
        assertThat(queue.claim(Work.TRAIN, "worker", LEASE)).isEmpty();
    }

    @Test
    void aTenantsUrgentJobPassesItsOwnJobsOnly() {
        JobId broker = queued(BROKER, JobPriority.LOW);
        queued(HOSPITAL, JobPriority.NORMAL);
        JobId urgent = queued(HOSPITAL, JobPriority.HIGH);

        ClaimedJob first = queue.claim(Work.TRAIN, "worker", LEASE).orElseThrow();
        ClaimedJob second = queue.claim(Work.TRAIN, "worker", LEASE).orElseThrow();

        assertThat(List.of(first.job(), second.job())).containsExactlyInAnyOrder(urgent, broker);
    }

    @Test
    void workersThatClaimAtTheSameTimeGetDifferentJobs() throws Exception {
        Set<JobId> waiting = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(queued(i % 2 == 0 ? HOSPITAL : BROKER, JobPriority.NORMAL));
        }
        List<Callable<Optional<ClaimedJob>>> claims = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String owner = "worker-" + i;
            claims.add(() -> queue.claim(Work.TRAIN, owner, LEASE));
        }
        List<JobId> claimed = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Optional<ClaimedJob>> claim : threads.invokeAll(claims)) {
                claim.get().map(ClaimedJob::job).ifPresent(claimed::add);
            }
        }
        // A worker that found its candidate locked may come away with nothing; it asks again.
        for (Optional<ClaimedJob> rest = queue.claim(Work.TRAIN, "late", LEASE);
                rest.isPresent();
                rest = queue.claim(Work.TRAIN, "late", LEASE)) {
            claimed.add(rest.get().job());
        }

        assertThat(claimed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(waiting);
    }

    @Test
    void anExpiredLeaseGoesToAnotherWorkerAndTheOldOneCanWriteNothing() throws SQLException {
        queued(HOSPITAL, JobPriority.NORMAL);
        ClaimedJob old = queue.claim(Work.TRAIN, "old", LEASE).orElseThrow();
        ledger.start(old);
        assertThat(queue.renew(old, LEASE)).isEqualTo(LeaseState.HELD);
        assertThat(queue.claim(Work.TRAIN, "new", LEASE)).isEmpty();

        expire(old);
        ClaimedJob next = queue.claim(Work.TRAIN, "new", LEASE).orElseThrow();

        assertThat(next.job()).isEqualTo(old.job());
        assertThat(next.token()).isGreaterThan(old.token());
        assertThat(queue.renew(old, LEASE)).isEqualTo(LeaseState.LOST);
        assertThatThrownBy(() -> ledger.record(old, new TrainingEvent.Stepped(0, 1, 1, 1, 1, 1)))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> ledger.succeed(old, 10, Optional.empty())).isInstanceOf(LeaseLostException.class);
        queue.release(old, Duration.ZERO);
        assertThat(queue.claim(Work.TRAIN, "third", LEASE)).isEmpty();
        assertThat(ledger.read(next).progress().stepsDone()).isZero();
    }

    @Test
    void anExpiredLeaseThatNobodyTookCanStillBeRenewed() throws SQLException {
        queued(HOSPITAL, JobPriority.NORMAL);
        ClaimedJob claim = queue.claim(Work.TRAIN, "slow", LEASE).orElseThrow();
        expire(claim);
        assertThat(queue.renew(claim, LEASE)).isEqualTo(LeaseState.HELD);
        assertThat(queue.claim(Work.TRAIN, "other", LEASE)).isEmpty();
    }

    @Test
    void aWorkerThatComesBackLetsGoOfItsOwnLeasesOnly() {
        queued(HOSPITAL, JobPriority.NORMAL);
        queued(BROKER, JobPriority.NORMAL);
        ClaimedJob mine = queue.claim(Work.TRAIN, "me", LEASE).orElseThrow();
        assertThat(queue.claim(Work.TRAIN, "you", LEASE)).isPresent();

        queue.releaseAll("me");

        assertThat(queue.claim(Work.TRAIN, "me", LEASE).map(ClaimedJob::job)).contains(mine.job());
        assertThat(queue.claim(Work.TRAIN, "me", LEASE)).isEmpty();
    }

    @Test
    void anInterruptedJobGoesFirst() throws SQLException {
        JobId interrupted = queued(HOSPITAL, JobPriority.LOW);
        ClaimedJob claim = queue.claim(Work.TRAIN, "dies", LEASE).orElseThrow();
        ledger.start(claim);
        queued(BROKER, JobPriority.HIGH);
        expire(claim);

        assertThat(queue.claim(Work.TRAIN, "next", LEASE).map(ClaimedJob::job)).contains(interrupted);
    }

    @Test
    void aCancelledJobIsToldToItsWorker() {
        JobId job = queued(HOSPITAL, JobPriority.NORMAL);
        ClaimedJob claim = queue.claim(Work.TRAIN, "worker", LEASE).orElseThrow();
        ledger.start(claim);

        CancelResult result = currentTenant.callAs(HOSPITAL, () -> jobs.cancel(job.value()));

        assertThat(result).isInstanceOf(CancelResult.Cancelled.class);
        assertThat(queue.renew(claim, LEASE)).isEqualTo(LeaseState.ENDED);
        assertThatThrownBy(() -> ledger.succeed(claim, 1, Optional.empty()))
                .isInstanceOfSatisfying(
                        LeaseLostException.class, e -> assertThat(e.state()).isEqualTo(LeaseState.ENDED));
        assertThat(currentTenant.<CancelResult, RuntimeException>callAs(HOSPITAL, () -> jobs.cancel(job.value())))
                .isInstanceOf(CancelResult.AlreadyEnded.class);
        assertThat(queue.claim(Work.TRAIN, "worker", LEASE)).isEmpty();
    }

    @Test
    void aReleasedJobWaitsForItsPause() throws SQLException {
        queued(HOSPITAL, JobPriority.NORMAL);
        ClaimedJob claim = queue.claim(Work.TRAIN, "worker", LEASE).orElseThrow();
        queue.release(claim, Duration.ofHours(1));
        assertThat(queue.claim(Work.TRAIN, "worker", LEASE)).isEmpty();
        queue.release(claim, Duration.ZERO);
        assertThat(queue.claim(Work.TRAIN, "worker", LEASE)).isPresent();
    }

    @Test
    void whatAResumedTrainerRepeatsIsWrittenOnce() {
        JobId job = queued(HOSPITAL, JobPriority.NORMAL);
        ClaimedJob claim = queue.claim(Work.TRAIN, "worker", LEASE).orElseThrow();
        ledger.start(claim);
        List<TrainingEvent> first = List.of(
                new TrainingEvent.Started(0, 4, 4, 100, "fake"),
                new TrainingEvent.Evaluated(0, 3.5, 40),
                new TrainingEvent.Stepped(0, 3.0, 1e-4, 1, 50, 80),
                new TrainingEvent.Checkpointed(1, Path.of("one")),
                new TrainingEvent.Stepped(1, 2.5, 1e-4, 1, 50, 80));
        List<TrainingEvent> resumed = List.of(
                new TrainingEvent.Started(1, 4, 4, 100, "fake"),
                new TrainingEvent.Stepped(1, 2.5, 1e-4, 1, 50, 80),
                new TrainingEvent.Stepped(2, 2.0, 1e-4, 1, 50, 80),
                new TrainingEvent.Evaluated(3, 2.25, 40),
                new TrainingEvent.Checkpointed(3, Path.of("three")));
        first.forEach(event -> ledger.record(claim, event));
        assertThat(ledger.countFailure(claim)).isEqualTo(1);
        resumed.forEach(event -> ledger.record(claim, event));

        List<JobEvent> metrics = events(job).stream()
                .filter(e -> e.type() == JobEvent.Type.METRICS)
                .toList();
        assertThat(metrics.reversed())
                .extracting(e -> e.data().get("step"), e -> e.data().get("train_loss"), e -> e.data()
                        .get("valid_loss"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(0, null, 3.5),
                        org.assertj.core.groups.Tuple.tuple(1, 3.0, null),
                        org.assertj.core.groups.Tuple.tuple(2, 2.5, null),
                        org.assertj.core.groups.Tuple.tuple(3, 2.0, null),
                        org.assertj.core.groups.Tuple.tuple(3, null, 2.25));
        assertThat(events(job))
                .extracting(JobEvent::message)
                .anyMatch(m -> m.startsWith("Resumed from the checkpoint after step 1"));
        var checkpoints = currentTenant.callAs(
                HOSPITAL, () -> jobs.checkpoints(job, Optional.empty(), 10).orElseThrow());
        assertThat(checkpoints.items())
                .extracting(c -> c.step(), c -> c.trainLoss(), c -> c.validLoss())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, Optional.of(2.0), Optional.of(2.25)),
                        org.assertj.core.groups.Tuple.tuple(1, Optional.of(3.0), Optional.empty()));
        // The checkpoint after the failure wiped it out.
        assertThat(ledger.countFailure(claim)).isEqualTo(1);
        assertThat(ledger.read(claim).progress())
                .isEqualTo(new FineTuningJob.Progress(3, 4, Optional.of(2.0), Optional.of(3.5), Optional.of(2.25)));
    }

    @Test
    void aForeignTenantSeesNothingOfAJob() {
        JobId job = queued(HOSPITAL, JobPriority.NORMAL);

        currentTenant.runAs(BROKER, () -> {
            assertThat(jobs.find(job.value())).isEmpty();
            assertThat(jobs.cancel(job.value())).isInstanceOf(CancelResult.Unknown.class);
            assertThat(jobs.events(job, Optional.empty(), 10).orElseThrow().items())
                    .isEmpty();
            assertThat(jobs.list(Optional.of(job.value()), 10)).isEmpty();
        });
    }

    private List<JobEvent> events(JobId job) {
        return currentTenant.callAs(
                HOSPITAL,
                () -> jobs.events(job, Optional.empty(), 100).orElseThrow().items());
    }

    private JobId queued(TenantId tenant, JobPriority priority) {
        NewJob wanted = new NewJob(
                new JobFiles("base", "00", "file-train", "11", Optional.empty()),
                Hyperparameters.auto(),
                new JobSettings(LoraSettings.defaults(), 128, 2e-4, Optional.empty(), 7, priority),
                Optional.empty(),
                Map.of(),
                "engineer");
        JobId job =
                currentTenant.callAs(tenant, () -> jobs.create(tenant, wanted)).id();
        ClaimedJob claim = queue.claim(Work.VALIDATE, "check", LEASE).orElseThrow();
        assertThat(claim.job()).isEqualTo(job);
        ledger.queue(claim, Hyperparameters.auto().chosenFor(100), "100 rows");
        queue.release(claim, Duration.ZERO);
        assertThat(currentTenant
                        .callAs(tenant, () -> jobs.find(job.value()))
                        .orElseThrow()
                        .state())
                .isEqualTo(JobState.QUEUED);
        return job;
    }

    private void expire(ClaimedJob claim) throws SQLException {
        execute("update fine_tuning_job set lease_until = now() - interval '1 second' where id = '%s'"
                .formatted(claim.job()));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = worker.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
