package io.plumbline.finetune.training;

/** Takes the events of a run in order; called from the training thread and the heartbeat, never at the same time. */
@FunctionalInterface
public interface EventSink {
    void accept(TrainingEvent event);
}
