package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.FineTuningJob;
import java.nio.file.Path;

/**
 * What a trainer left behind when it was done.
 *
 * @param job the job, with its last losses
 * @param adapter PEFT folder; gone after the job is written off, so copy it
 * @param steps optimiser steps
 * @param trainedTokens tokens of all steps, prompt included
 */
public record FinishedTraining(FineTuningJob job, Path adapter, int steps, long trainedTokens) {}
