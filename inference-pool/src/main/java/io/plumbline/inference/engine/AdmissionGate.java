package io.plumbline.inference.engine;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the requests that are not finished and refuses more than the engine may hold. A single tenant can take half of
 * the queue, so that one that floods it does not shut out the others. Thread-safe.
 */
final class AdmissionGate {
    private static final int MAX_RETRY_SECONDS = 60;

    private final int maxRunning;
    private final int maxWaiting;
    private final Map<TenantId, Integer> unfinishedOfTenant = new HashMap<>();
    private int unfinished;
    /** Mean time from entering to leaving, recent requests weighing more. */
    private double meanSeconds = 1;

    AdmissionGate(int maxRunning, int maxWaiting) {
        this.maxRunning = maxRunning;
        this.maxWaiting = maxWaiting;
    }

    /** @throws InferenceException.Overloaded if there is no room */
    synchronized void enter(TenantId tenant) {
        int ofTenant = unfinishedOfTenant.getOrDefault(tenant, 0);
        if (unfinished >= maxRunning + maxWaiting || ofTenant >= maxRunning + (maxWaiting + 1) / 2) {
            double rounds = Math.ceil((double) unfinished / maxRunning);
            throw new InferenceException.Overloaded(
                    (int) Math.clamp(Math.ceil(meanSeconds / Math.max(1, rounds)), 1, MAX_RETRY_SECONDS));
        }
        unfinishedOfTenant.put(tenant, ofTenant + 1);
        unfinished++;
    }

    synchronized void leave(TenantId tenant, Duration stay) {
        unfinished--;
        unfinishedOfTenant.computeIfPresent(tenant, (t, count) -> count == 1 ? null : count - 1);
        meanSeconds += 0.1 * (stay.toMillis() / 1000.0 - meanSeconds);
    }

    synchronized int unfinished() {
        return unfinished;
    }
}
