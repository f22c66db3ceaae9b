package io.plumbline.finetune.job;

import io.plumbline.inference.TenantId;

/**
 * The right to work on a job, until somebody else claims it.
 *
 * @param tenant the owner of the job
 * @param job which one
 * @param token fencing token: larger than that of every earlier claim; what carries an older one is not written
 */
public record ClaimedJob(TenantId tenant, JobId job, long token) {}
