package io.plumbline.finetune.training;

import java.io.IOException;
import java.time.Duration;

/** Turns signals and the end of the parent process into a request to stop. */
final class Lifeline {
    /** How long the run may take to its next safe point before the process ends without a further checkpoint. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final StopSignal stop;

    Lifeline(StopSignal stop) {
        this.stop = stop;
    }

    /**
     * Watches from now on.
     *
     * @param worker the thread that trains; it ends the process when it is done
     * @param standardInput whether the end of standard input is the end of the parent process
     */
    void watch(Thread worker, boolean standardInput) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            stop.request("asked to end by a signal");
            join(worker);
        }));
        if (standardInput) {
            Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
                awaitEndOfInput();
                stop.request("the parent process is gone");
                join(worker);
                Runtime.getRuntime().halt(ExitCode.STOPPED.number());
            });
        }
    }

    private static void join(Thread worker) {
        try {
            worker.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEndOfInput() {
        try {
            int read = 0;
            while (read >= 0) {
                read = System.in.read();
            }
        } catch (IOException e) {
            return; // a broken pipe is an end too
        }
    }
}
