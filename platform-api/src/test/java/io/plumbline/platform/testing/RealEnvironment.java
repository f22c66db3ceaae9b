package io.plumbline.platform.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.List;
import java.util.Map;

/**
 * Checks, before the application starts, that PostgreSQL, Keycloak and Kafka were started for the tests. They are never
 * skipped: without these parts the platform is not tested.
 */
public final class RealEnvironment implements QuarkusTestResourceLifecycleManager {
    private static final List<String> NEEDED = List.of(
            "PLUMBLINE_DB_URL",
            "PLUMBLINE_DB_OWNER_PASSWORD",
            "PLUMBLINE_DB_APP_PASSWORD",
            "PLUMBLINE_DB_WORKER_PASSWORD",
            "PLUMBLINE_OIDC_URL",
            "PLUMBLINE_KAFKA",
            "PLUMBLINE_DATA",
            "PLUMBLINE_MODELS",
            "PLUMBLINE_DEMO_PASSWORD");

    @Override
    public Map<String, String> start() {
        List<String> missing =
                NEEDED.stream().filter(name -> System.getenv(name) == null).toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    ("The platform's tests need PostgreSQL, Keycloak, Kafka and a model; not set: %s. Run './plumbline test',"
                                    + " which starts them and sets these variables.")
                            .formatted(String.join(", ", missing)));
        }
        return Map.of();
    }

    @Override
    public void stop() {
        // The launcher that started the parts ends them.
    }
}
