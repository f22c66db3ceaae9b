package io.plumbline.platform.health;

import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Which parts of the installation answer, for people; asked anew at most every few seconds, however many pages are open. */
@ApplicationScoped
public class InstallationHealth {
    private static final Duration FRESH = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SmallRyeHealthReporter reporter;
    private final Clock clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Snapshot last = new Snapshot(Instant.EPOCH, Map.of());

    @Inject
    InstallationHealth(SmallRyeHealthReporter reporter, Clock clock) {
        this.reporter = reporter;
        this.clock = clock;
    }

    /** Whether each part answers; parts without a check are left out. Must not be called on an event loop. */
    public Map<InstallationPart, Boolean> parts() {
        if (stale()) {
            asking.lock();
            try {
                if (stale()) {
                    last = new Snapshot(clock.instant(), ask());
                }
            } finally {
                asking.unlock();
            }
        }
        return last.parts();
    }

    private boolean stale() {
        return last.at().plus(FRESH).isBefore(clock.instant());
    }

    private Map<InstallationPart, Boolean> ask() {
        Map<InstallationPart, Boolean> parts = new EnumMap<>(InstallationPart.class);
        reporter.getHealthAsync()
                .await()
                .atMost(PATIENCE)
                .getPayload()
                .getJsonArray("checks")
                .getValuesAs(JsonObject.class)
                .forEach(check -> InstallationPart.ofCheck(check.getString("name"))
                        .ifPresent(part ->
                                parts.put(part, check.getString("status").equals("UP"))));
        return Collections.unmodifiableMap(parts);
    }

    private record Snapshot(Instant at, Map<InstallationPart, Boolean> parts) {}
}
