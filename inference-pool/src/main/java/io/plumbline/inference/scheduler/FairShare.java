package io.plumbline.inference.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * Virtual token counters (Sheng et al. 2024, Fairness in Serving Large Language Models, arXiv 2401.00588): whoever has
 * been served the fewest tokens is served next. One that comes back after a pause starts at the level of the least
 * served active one, so that nobody saves up a claim by being idle.
 *
 * @param <K> who shares: tenants, or classes of priority
 */
final class FairShare<K> {
    private final Map<K, Account> accounts = new HashMap<>();

    /** What one has had, and how many of its sequences are waiting or running. */
    private static final class Account {
        private long tokens;
        private int sequences;
    }

    /** A sequence of this one has come. */
    void enter(K key) {
        long level = leastServed();
        Account account = accounts.computeIfAbsent(key, k -> new Account());
        if (account.sequences++ == 0) {
            account.tokens = Math.max(account.tokens, level);
        }
    }

    /** A sequence of this one has gone. */
    void leave(K key) {
        Account account = account(key);
        account.sequences--;
        // What lies below the level would be lifted to it anyway, so that there is nothing to remember.
        long level = leastServed();
        accounts.values().removeIf(a -> a.sequences == 0 && a.tokens <= level);
        if (accounts.values().stream().allMatch(a -> a.sequences == 0)) {
            accounts.clear();
        }
    }

    /** Tokens were computed, or promised, for this one. */
    void charge(K key, long tokens) {
        account(key).tokens += tokens;
    }

    /** The counter; compare with that of another. */
    long served(K key) {
        Account account = accounts.get(key);
        return account == null ? leastServed() : account.tokens;
    }

    private Account account(K key) {
        Account account = accounts.get(key);
        if (account == null || account.sequences == 0) {
            throw new IllegalStateException("%s has no sequence".formatted(key));
        }
        return account;
    }

    /** The lowest counter of one that has a sequence; 0 if there is none. */
    private long leastServed() {
        return accounts.values().stream()
                .filter(a -> a.sequences > 0)
                .mapToLong(a -> a.tokens)
                .min()
                .orElse(0);
    }
}
