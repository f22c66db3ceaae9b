package io.plumbline.platform.catalogue;

import io.plumbline.inference.kernel.Backends;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * A backend that is chosen by name must be there: the server refuses to start, with the reason and the remedy, rather
 * than fail every answer later.
 */
@ApplicationScoped
class BackendAtStart {
    /** Before the observers that load models. */
    private static final int FIRST = 1;

    private final PoolConfig config;

    @Inject
    BackendAtStart(PoolConfig config) {
        this.config = config;
    }

    void check(@Observes @Priority(FIRST) StartupEvent event) {
        Backends.refusal(config.backend()).ifPresent(refusal -> {
            throw new ConfigurationException("Plumbline does not start: " + refusal);
        });
    }
}
