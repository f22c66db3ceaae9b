package io.plumbline.platform.catalogue;

import io.plumbline.inference.engine.LocalInferencePool;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The graceful end of the engines. As soon as the process is asked to stop, the pool refuses new work with 503 and a time
 * to try again, while readiness sends new callers elsewhere; what is under way ends, if it ends in time.
 */
@ApplicationScoped
class PoolDrain {
    private static final Logger LOG = Logger.getLogger(PoolDrain.class);

    private final LocalInferencePool pool;
    private final Duration patience;

    @Inject
    PoolDrain(LocalInferencePool pool, PoolConfig config) {
        this.pool = pool;
        this.patience = config.drain();
    }

    void refuse(@Observes ShutdownDelayInitiatedEvent event) {
        pool.refuse();
    }

    void drain(@Observes ShutdownEvent event) {
        if (!pool.drain(patience)) {
            LOG.warnf("answers that were not complete after %s s are ended", patience.toSeconds());
        }
    }
}
