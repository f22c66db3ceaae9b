package io.plumbline.inference.engine;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How much of an engine one tenant may have; how many of its answers run at a time is the scheduler's limit.
 *
 * @param requests unfinished requests at a time; empty = as many as run, and half of those that may wait
 * @param tokensPerMinute tokens of prompts and answers; empty = no limit
 */
public record TenantLimits(OptionalInt requests, OptionalLong tokensPerMinute) {
    public TenantLimits {
        if (requests.orElse(1) < 1 || tokensPerMinute.orElse(1) < 1) {
            throw new IllegalArgumentException(
                    "a tenant needs at least one of each: %s, %s".formatted(requests, tokensPerMinute));
        }
    }

    /** No limit but the protection of the others. */
    public static TenantLimits none() {
        return new TenantLimits(OptionalInt.empty(), OptionalLong.empty());
    }
}
