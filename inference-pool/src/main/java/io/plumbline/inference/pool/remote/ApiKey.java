package io.plumbline.inference.pool.remote;

/**
 * A secret that opens a remote engine. It never shows itself: not in logs, not in messages.
 *
 * @param secret what is sent as bearer token
 */
public record ApiKey(String secret) {
    public ApiKey {
        if (secret.isBlank() || secret.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("an API key is a run of printable ASCII characters without spaces");
        }
    }

    @Override
    public String toString() {
        return "ApiKey[…]";
    }
}
