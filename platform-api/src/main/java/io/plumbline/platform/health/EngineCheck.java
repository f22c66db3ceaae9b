package io.plumbline.platform.health;

import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.remote.PlacedInferencePool;
import io.plumbline.inference.pool.remote.RemoteHealth;
import io.plumbline.inference.pool.remote.RemoteInferencePool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when there is a model to serve. */
@Readiness
@ApplicationScoped
class EngineCheck implements HealthCheck {
    private final InferencePool pool;

    @Inject
    EngineCheck(InferencePool pool) {
        this.pool = pool;
    }

    @Override
    public HealthCheckResponse call() {
        List<BaseModel> models = pool.baseModels();
        var response = HealthCheckResponse.named("engine").status(!models.isEmpty());
        if (pool instanceof PlacedInferencePool placed) {
            // For people to see; an engine elsewhere that is down does not make this server unfit for the other models.
            placed.remotes().forEach(remote -> response.withData("remote " + remote.name(), state(remote)));
        }
        return models.isEmpty()
                ? response.withData("remedy", "put a model file NAME.gguf into PLUMBLINE_MODELS")
                        .build()
                : response.withData("models", models.stream().map(BaseModel::id).collect(Collectors.joining(", ")))
                        .build();
    }

    private static String state(RemoteInferencePool remote) {
        if (remote.lastHealth().isEmpty()) {
            return "not asked yet";
        }
        return switch (remote.lastHealth().get()) {
            case RemoteHealth.Up _ -> "up";
            case RemoteHealth.Down _ -> "down";
        };
    }
}
