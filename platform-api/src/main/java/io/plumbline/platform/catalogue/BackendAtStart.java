package io.plumbline.platform.catalogue;

import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.pool.remote.RemoteEngineSettings;
import io.plumbline.inference.pool.remote.RemoteModel;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * A backend that is chosen by name must be there, and the settings of engines elsewhere must be possible: the server
 * refuses to start, with the reason and the remedy, rather than fail every answer later.
 */
@ApplicationScoped
class BackendAtStart {
    private static final Logger LOG = Logger.getLogger(BackendAtStart.class);

    /** Before the observers that load models. */
    private static final int FIRST = 1;

    private final PoolConfig config;
    private final RemoteEngines engines;

    @Inject
    BackendAtStart(PoolConfig config, RemoteEngines engines) {
        this.config = config;
        this.engines = engines;
    }

    void check(@Observes @Priority(FIRST) StartupEvent event) {
        Backends.refusal(config.backend()).ifPresent(refusal -> {
            throw new ConfigurationException("Plumbline does not start: " + refusal);
        });
        for (RemoteEngineSettings engine : engines.settings()) {
            LOG.infof("models %s are served by the engine %s at %s", ids(engine), engine.name(), engine.address());
        }
    }

    private static String ids(RemoteEngineSettings engine) {
        return engine.models().stream().map(RemoteModel::id).collect(Collectors.joining(", "));
    }
}
