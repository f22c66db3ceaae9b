package io.plumbline.platform.health;

import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferencePool;
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
        return models.isEmpty()
                ? response.withData("remedy", "put a model file NAME.gguf into PLUMBLINE_MODELS")
                        .build()
                : response.withData("models", models.stream().map(BaseModel::id).collect(Collectors.joining(", ")))
                        .build();
    }
}
