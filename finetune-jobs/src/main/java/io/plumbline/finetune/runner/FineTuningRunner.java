package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.ClaimedJob;
import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.JobLedger;
import io.plumbline.finetune.job.JobQueue;
import io.plumbline.finetune.job.JobQueue.Work;
import io.plumbline.finetune.job.event.FineTuningJobChanged;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works on the installation's fine-tuning jobs, as many at a time as configured. */
@ApplicationScoped
public class FineTuningRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FineTuningRunner.class);
    private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(15);

    private final JobQueue queue;
    private final TrainerConfig config;
    private final Path directory;
    private final FileCheck fileCheck;
    private final TrainingRun.Tools tools;
    private final List<WorkLoop> loops = new ArrayList<>();
    private final Map<JobId, TrainingRun> runs = new ConcurrentHashMap<>();
    private @Nullable WorkerIdentity identity;

    @Inject
    FineTuningRunner(
            JobQueue queue,
            JobLedger ledger,
            TrainingInputs inputs,
            TrainingArchive archive,
            TrainerConfig config,
            @ConfigProperty(name = "plumbline.data") Path data,
            @ConfigProperty(name = "plumbline.backend", defaultValue = "auto") String backend) {
        this.queue = queue;
        this.config = config;
        directory = data.toAbsolutePath().normalize().resolve("jobs");
        fileCheck = new FileCheck(queue, ledger, inputs);
        tools = new TrainingRun.Tools(
                queue,
                ledger,
                new JavaTrainerLauncher(config),
                new TrainingPlan(inputs, backend, config.checkpointSteps()),
                archive);
    }

    void start(@Observes StartupEvent event) throws IOException {
        if (config.slots() == 0) {
            LOG.info("this process does no fine-tuning (plumbline.trainer.slots = 0)");
            return;
        }
        WorkerIdentity worker = WorkerIdentity.acquire(directory);
        identity = worker;
        queue.releaseAll(worker.name());
        sweep(queue.unfinished());
        add("fine-tuning-check", worker.name(), Work.VALIDATE, fileCheck::run);
        for (int slot = 0; slot < config.slots(); slot++) {
            add("fine-tuning-" + slot, worker.name(), Work.TRAIN, this::train);
        }
        loops.forEach(WorkLoop::start);
    }

    private void add(String name, String owner, Work work, WorkLoop.Worker worker) {
        loops.add(new WorkLoop(name, () -> queue.claim(work, owner, config.lease()), worker, config.poll()));
    }

    private void train(ClaimedJob claim) throws InterruptedException {
        TrainingRun run = new TrainingRun(claim, Workspace.of(directory, claim.job()), tools, config);
        runs.put(claim.job(), run);
        try {
            run.run();
        } finally {
            runs.remove(claim.job());
        }
    }

    /** A new job, or one that was cancelled, need not wait for the next look at the queue. */
    void onChange(@Observes(during = TransactionPhase.AFTER_SUCCESS) FineTuningJobChanged change) {
        TrainingRun run = runs.get(change.job());
        if (run != null) {
            run.lookNow();
        }
        loops.forEach(WorkLoop::wake);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException, IOException {
        loops.forEach(WorkLoop::stop);
        runs.values().forEach(TrainingRun::shutDown);
        for (WorkLoop loop : loops) {
            if (!loop.join(SHUTDOWN_PATIENCE)) {
                LOG.warn("a trainer has not ended in time; it ends with this process");
            }
        }
        if (identity != null) {
            identity.close();
        }
    }

    /** Deletes what is left of jobs that ended while this server was away. */
    private void sweep(Set<JobId> unfinished) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                String name = entry.getFileName().toString();
                if (JobId.isId(name) && !unfinished.contains(new JobId(name))) {
                    new Workspace(entry).discard();
                }
            }
        }
    }
}
