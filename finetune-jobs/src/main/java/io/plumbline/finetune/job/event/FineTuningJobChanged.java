package io.plumbline.finetune.job.event;

import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.JobState;
import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A job entered a state.
 *
 * @param tenant the owner
 * @param job which one
 * @param from the state before; empty = it was created
 * @param to the state now
 * @param at when
 * @param fineTunedModel name of the result; empty unless it succeeded
 */
public record FineTuningJobChanged(
        TenantId tenant,
        JobId job,
        Optional<JobState> from,
        JobState to,
        Instant at,
        Optional<String> fineTunedModel) {}
