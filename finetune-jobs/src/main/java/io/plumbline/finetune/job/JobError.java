package io.plumbline.finetune.job;

import java.util.Optional;

/**
 * Why a job failed.
 *
 * @param code stable name for programs
 * @param message what happened and what to do
 * @param param the request parameter at fault
 */
public record JobError(String code, String message, Optional<String> param) {}
