package io.plumbline.finetune.runner;

import io.plumbline.finetune.training.TrainingSpec;
import java.io.IOException;

/** Starts trainers. */
interface TrainerLauncher {
    /** Starts a trainer; one that still works in this workspace is ended first. */
    TrainerProcess start(TrainingSpec spec, Workspace workspace) throws IOException;
}
