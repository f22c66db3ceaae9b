package io.plumbline.inference.engine;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts the requests that are not finished, delivery included, and refuses more than the engine may hold. A single
 * tenant can take half of the queue, so that one that floods it does not shut out the others. Thread-safe.
 */
final class AdmissionGate {
    private static final int MAX_RETRY_SECONDS = 60;

    private final int most;
    private final int mostOfTenant;
    private final TenantLimits perTenant;
    private final LongSupplier nanoTime;
    private final Map<TenantId, Integer> unfinishedOfTenant = new HashMap<>();
    private final Map<TenantId, TokenAllowance> allowances = new HashMap<>();
    private int unfinished;
    /** Refused since the last request left: they will all be back. */
    private int refused;
    /** Mean time from entering to leaving, recent requests weighing more. */
    private double meanSeconds = 1;

    private boolean closed;

    /**
     * A gate.
     *
     * @param maxRunning requests that run at a time
     * @param nanoTime as {@link System#nanoTime}
     */
    AdmissionGate(int maxRunning, AdmissionLimits limits, LongSupplier nanoTime) {
        this.most = maxRunning + limits.maxWaiting();
        this.perTenant = limits.perTenant();
        this.mostOfTenant = perTenant.requests().orElse(maxRunning + (limits.maxWaiting() + 1) / 2);
        this.nanoTime = nanoTime;
    }

    /** @throws InferenceException if there is no room, the tenant has had its share, or the gate is closed */
    synchronized void enter(TenantId tenant, int promptTokens) {
        if (closed) {
            throw new InferenceException.ShuttingDown();
        }
        int ofTenant = unfinishedOfTenant.getOrDefault(tenant, 0);
        if (perTenant.requests().isPresent() && ofTenant >= mostOfTenant) {
            throw new InferenceException.TenantLimitReached(
                    "%d requests at a time".formatted(mostOfTenant), secondsUntilOneLeaves(ofTenant));
        }
        if (unfinished >= most || ofTenant >= mostOfTenant) {
            refused++;
            throw new InferenceException.Overloaded(secondsUntilOneLeaves(unfinished));
        }
        checkAllowance(tenant);
        take(tenant, promptTokens);
        unfinishedOfTenant.put(tenant, ofTenant + 1);
        unfinished++;
    }

    /** Tokens were generated for a tenant. */
    synchronized void generated(TenantId tenant, int tokens) {
        take(tenant, tokens);
    }

    synchronized void leave(TenantId tenant, Duration stay) {
        unfinished--;
        refused = 0;
        unfinishedOfTenant.computeIfPresent(tenant, (t, count) -> count == 1 ? null : count - 1);
        allowances.values().removeIf(allowance -> allowance.full(nanoTime.getAsLong()));
        meanSeconds += 0.1 * (stay.toMillis() / 1000.0 - meanSeconds);
        notifyAll();
    }

    synchronized int unfinished() {
        return unfinished;
    }

    /** Nobody is let in any more. */
    synchronized void close() {
        closed = true;
    }

    /** Waits until everybody has left; false if somebody is still there after {@code patience}. */
    synchronized boolean awaitEmpty(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (unfinished > 0) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /**
     * By Little's law one of {@code there} leaves every mean stay / {@code there}; those who were refused before want
     * the places that become free as well.
     */
    private int secondsUntilOneLeaves(int there) {
        return retrySeconds((1 + refused) * meanSeconds / Math.max(1, there));
    }

    private void checkAllowance(TenantId tenant) {
        TokenAllowance allowance = allowances.get(tenant);
        double seconds = allowance == null ? 0 : allowance.secondsToWait(nanoTime.getAsLong());
        if (seconds > 0) {
            throw new InferenceException.TenantLimitReached(
                    "%d tokens per minute".formatted(perTenant.tokensPerMinute().orElseThrow()), retrySeconds(seconds));
        }
    }

    private void take(TenantId tenant, int tokens) {
        if (perTenant.tokensPerMinute().isPresent()) {
            long now = nanoTime.getAsLong();
            allowances
                    .computeIfAbsent(
                            tenant,
                            t -> new TokenAllowance(perTenant.tokensPerMinute().getAsLong(), now))
                    .take(tokens, now);
        }
    }

    private static int retrySeconds(double seconds) {
        return (int) Math.clamp(Math.ceil(seconds), 1, MAX_RETRY_SECONDS);
    }
}
