package io.plumbline.inference.scheduler;

import io.plumbline.inference.TenantId;
import java.util.HashMap;
import java.util.Map;

/**
 * Virtual token counters (Sheng et al. 2024, Fairness in Serving Large Language Models, arXiv 2401.00588): whoever has
 * been served the fewest tokens is served next. A tenant that comes back after a pause starts at the level of the
 * least served active tenant, so that nobody saves up a claim by being idle.
 */
final class FairShare {
    private final Map<TenantId, Account> accounts = new HashMap<>();

    /** What a tenant has had, and how many of its sequences are waiting or running. */
    private static final class Account {
        private long tokens;
        private int sequences;
    }

    /** A sequence of this tenant has come. */
    void enter(TenantId tenant) {
        long level = leastServed();
        Account account = accounts.computeIfAbsent(tenant, t -> new Account());
        if (account.sequences++ == 0) {
            account.tokens = Math.max(account.tokens, level);
        }
    }

    /** A sequence of this tenant has gone. */
    void leave(TenantId tenant) {
        Account account = accounts.get(tenant);
        if (account == null || account.sequences == 0) {
            throw new IllegalStateException("tenant %s has no sequence".formatted(tenant));
        }
        account.sequences--;
        // What lies below the level would be lifted to it anyway, so that there is nothing to remember.
        long level = leastServed();
        accounts.values().removeIf(a -> a.sequences == 0 && a.tokens <= level);
        if (accounts.values().stream().allMatch(a -> a.sequences == 0)) {
            accounts.clear();
        }
    }

    /** Tokens were computed, or promised, for this tenant. */
    void charge(TenantId tenant, long tokens) {
        Account account = accounts.get(tenant);
        if (account == null) {
            throw new IllegalStateException("tenant %s has no sequence".formatted(tenant));
        }
        account.tokens += tokens;
    }

    /** The tenant's counter; compare with that of another tenant. */
    long served(TenantId tenant) {
        Account account = accounts.get(tenant);
        return account == null ? leastServed() : account.tokens;
    }

    /** The lowest counter of a tenant that has a sequence; 0 if there is none. */
    private long leastServed() {
        return accounts.values().stream()
                .filter(a -> a.sequences > 0)
                .mapToLong(a -> a.tokens)
                .min()
                .orElse(0);
    }
}
