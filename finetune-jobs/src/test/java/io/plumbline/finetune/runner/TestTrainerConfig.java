package io.plumbline.finetune.runner;

import java.time.Duration;
import java.util.Optional;

/** Settings quick enough for tests; nothing in them is a time that a test waits for. */
record TestTrainerConfig(Duration stopGrace, int maxFailures) implements TrainerConfig {
    static TestTrainerConfig standard() {
        return new TestTrainerConfig(Duration.ofMinutes(5), 3);
    }

    @Override
    public Optional<String> classpath() {
        return Optional.empty();
    }

    @Override
    public String maxHeap() {
        return "512m";
    }

    @Override
    public int nice() {
        return 0;
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public Duration lease() {
        return Duration.ofMinutes(5);
    }

    @Override
    public Duration heartbeat() {
        return Duration.ofMillis(5);
    }

    @Override
    public Duration stall() {
        return Duration.ofMinutes(5);
    }

    @Override
    public Duration poll() {
        return Duration.ofMillis(5);
    }

    @Override
    public int checkpointSteps() {
        return 2;
    }
}
