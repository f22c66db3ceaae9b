package io.plumbline.finetune.runner;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How this machine trains. */
@ConfigMapping(prefix = "plumbline.trainer")
public interface TrainerConfig {
    /** Class path of the trainer process; by default that of the packaged server, else that of this process. */
    Optional<String> classpath();

    /** Heap bound of one trainer; the base model is mapped, and activations lie outside the heap. */
    @WithDefault("2g")
    String maxHeap();

    /** Priority that trainers give way with, 0 to 19; serving answers comes first. */
    @WithDefault("10")
    int nice();

    /** Jobs trained at a time by this process; 0 = it neither checks files nor trains. */
    @WithDefault("1")
    int slots();

    /** How long a job stays ours without a sign of life. */
    @WithDefault("60s")
    Duration lease();

    /** How often the lease is renewed, and thus how soon a cancellation from elsewhere is noticed. */
    @WithDefault("3s")
    Duration heartbeat();

    /** Between asking a trainer to end (it writes a checkpoint) and ending it. */
    @WithDefault("30s")
    Duration stopGrace();

    /** A trainer that reports nothing for so long hangs; it is ended and started again. */
    @WithDefault("2m")
    Duration stall();

    /** Unexplained ends without a new checkpoint in between, after which a job fails. */
    @WithDefault("3")
    int maxFailures();

    /** How often the queue is looked at when nothing announced a job. */
    @WithDefault("2s")
    Duration poll();

    /** Optimiser steps between checkpoints. */
    @WithDefault("20")
    int checkpointSteps();
}
