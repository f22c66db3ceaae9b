package io.plumbline.finetune.runner;

import java.io.IOException;
import java.util.Optional;

/** Keeps what training made; provided by the platform. */
public interface TrainingArchive {
    /**
     * Stores adapter and step metrics for good, before the job is told to have succeeded. Storing the same job again is
     * a no-op: a worker that died in between does it a second time.
     *
     * @return file id of the step metrics
     */
    Optional<String> store(FinishedTraining finished) throws IOException;
}
