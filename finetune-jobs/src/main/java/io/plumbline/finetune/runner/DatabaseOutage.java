package io.plumbline.finetune.runner;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits out times in which the database is away, so that nothing a trainer reported is lost. */
final class DatabaseOutage {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseOutage.class);
    private static final int MAX_CAUSES = 20;

    private final Duration pause;
    private final BooleanSupplier worthwhile;

    /**
     * @param pause between tries
     * @param worthwhile whether to try again; once it is false the failure is thrown
     */
    DatabaseOutage(Duration pause, BooleanSupplier worthwhile) {
        this.pause = pause;
        this.worthwhile = worthwhile;
    }

    /** Runs work that writes to the database, again and again while the database is away. */
    <T> T survive(Supplier<T> work) throws InterruptedException {
        for (boolean first = true; ; first = false) {
            try {
                return work.get();
            } catch (RuntimeException e) {
                if (!isOutage(e) || !worthwhile.getAsBoolean()) {
                    throw e;
                }
                if (first) {
                    LOG.warn("the database is away, waiting: {}", e.toString());
                }
                Thread.sleep(pause);
            }
        }
    }

    void survive(Runnable work) throws InterruptedException {
        Boolean done = survive(() -> {
            work.run();
            return true;
        });
        assert done;
    }

    /** Class 08 connection exception, 57P0x server shutting down or starting, 53300 too many connections. */
    static boolean isOutage(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                if (state == null
                        ? String.valueOf(sql.getMessage()).contains("Acquisition timeout")
                        : state.startsWith("08") || state.startsWith("57P") || state.equals("53300")) {
                    return true;
                }
            }
        }
        return false;
    }
}
