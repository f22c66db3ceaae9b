package io.plumbline.inference.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * What an engine lets in.
 *
 * @param maxWaiting requests that wait beyond those running; more are refused
 * @param perTenant how much one tenant may have
 * @param timeLimit longest time from a request to the end of its answer; empty = as long as it takes
 */
public record AdmissionLimits(int maxWaiting, TenantLimits perTenant, Optional<Duration> timeLimit) {
    public AdmissionLimits {
        if (maxWaiting < 0) {
            throw new IllegalArgumentException("room for %d waiting requests".formatted(maxWaiting));
        }
    }

    /** A bounded queue, and nothing more. */
    public static AdmissionLimits waiting(int maxWaiting) {
        return new AdmissionLimits(maxWaiting, TenantLimits.none(), Optional.empty());
    }
}
