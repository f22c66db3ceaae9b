package io.plumbline.finetune.job;

import java.time.Instant;
import java.util.Optional;

/**
 * A point from which a job can go on.
 *
 * @param id names it
 * @param createdAt when it was written
 * @param step optimiser steps done
 * @param trainLoss of the step before it
 * @param validLoss held-out loss, if it was measured there
 */
public record JobCheckpoint(
        String id, Instant createdAt, int step, Optional<Double> trainLoss, Optional<Double> validLoss) {}
