package io.plumbline.platform.usage;

/**
 * Tokens of one request or a sum of requests.
 *
 * @param prompt tokens of the prompt, cached ones included
 * @param completion tokens generated
 * @param cached tokens of the prompt taken from the prefix cache
 */
public record Tokens(long prompt, long completion, long cached) {
    public Tokens {
        if (prompt < 0 || completion < 0 || cached < 0) {
            throw new IllegalArgumentException(
                    "tokens cannot be negative: %d, %d, %d".formatted(prompt, completion, cached));
        }
    }

    public static Tokens none() {
        return new Tokens(0, 0, 0);
    }

    public Tokens plus(Tokens other) {
        return new Tokens(prompt + other.prompt, completion + other.completion, cached + other.cached);
    }

    public long total() {
        return prompt + completion;
    }
}
