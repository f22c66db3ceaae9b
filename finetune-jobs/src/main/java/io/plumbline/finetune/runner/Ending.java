package io.plumbline.finetune.runner;

import io.plumbline.finetune.training.ExitCode;
import io.plumbline.finetune.training.TrainingEvent;

/** How a trainer ended, as far as it told. */
sealed interface Ending {
    /** The adapter is there. */
    record Done(TrainingEvent.Finished finished) implements Ending {}

    /**
     * It gave up and said why.
     *
     * @param message fit for the eyes of the tenant
     * @param exitCode whose fault it was
     */
    record GaveUp(String message, int exitCode) implements Ending {
        /** Whether another attempt may go better: the machine was at fault, not data or settings. */
        boolean mayPass() {
            return exitCode == ExitCode.INTERNAL.number() || exitCode == ExitCode.OUTPUT.number();
        }
    }

    /** It wrote a checkpoint and ended because somebody asked it to. */
    record Stopped(int step) implements Ending {}

    /** It ended without a word. */
    record Vanished(int exitCode) implements Ending {
        private static final int SIGNAL_BASE = 128;
        private static final int SIGKILL = 9;
        private static final int OUT_OF_MEMORY = 3;

        String describe() {
            int signal = exitCode - SIGNAL_BASE;
            if (signal == SIGKILL) {
                return "was ended by the operating system (signal 9; often because memory ran out)";
            }
            if (signal > 0) {
                return "was ended by signal " + signal;
            }
            return exitCode == OUT_OF_MEMORY
                    ? "ran out of memory (a smaller batch_size or plumbline.max_tokens needs less)"
                    : "ended with code " + exitCode;
        }
    }
}
