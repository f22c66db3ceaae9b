package io.plumbline.finetune.training;

import io.plumbline.finetune.training.TrainingException.Kind;

/** Exit codes of the trainer; the numbers are those of {@code sysexits.h} where it has one. */
public enum ExitCode {
    /** The adapter is written. */
    FINISHED(0),
    /** Something went wrong in the trainer itself. */
    INTERNAL(70),
    /** An option or the spec is wrong. */
    USAGE(64),
    /** The training or held-out data are wrong; nothing was trained. */
    DATA(65),
    /** A file that should be read is not there or not usable. */
    INPUT(66),
    /** The backend cannot run here. */
    BACKEND(69),
    /** The output folder cannot be written, or belongs to another run; checkpoints are intact. */
    OUTPUT(73),
    /** Training diverged. */
    DIVERGED(76),
    /** Ended on request after a checkpoint; the same command goes on. */
    STOPPED(75);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static ExitCode of(Kind kind) {
        return switch (kind) {
            case SETTINGS -> USAGE;
            case DATA -> DATA;
            case INPUT -> INPUT;
            case BACKEND -> BACKEND;
            case OUTPUT -> OUTPUT;
            case DIVERGED -> DIVERGED;
        };
    }
}
