package io.plumbline.finetune.runner;

import java.io.BufferedReader;
import java.util.List;

/** A running trainer. Closing it ends it at once. */
interface TrainerProcess extends AutoCloseable {
    /** Its standard output: one event a line, until it ends. */
    BufferedReader events();

    /** Asks it to write a checkpoint and end (SIGTERM). */
    void terminate();

    /** Ends it (SIGKILL). */
    void kill();

    /** Waits for its end. */
    int exitCode() throws InterruptedException;

    /** Its last lines on standard error, fit for the eyes of the tenant. */
    List<String> lastWords();

    @Override
    void close();
}
