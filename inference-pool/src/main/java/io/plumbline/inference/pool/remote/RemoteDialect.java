package io.plumbline.inference.pool.remote;

/** What a server understands beyond the OpenAI API. A request that needs more is refused, never silently changed. */
public enum RemoteDialect {
    /** Nothing more. */
    OPENAI(false, false, false),
    /**
     * Another Plumbline: {@code top_k}, {@code min_p}, {@code repetition_penalty}, {@code structured_outputs}; messages
     * alone, no plain texts.
     */
    PLUMBLINE(true, false, false),
    /** MindIE: {@code top_k}, {@code repetition_penalty}. */
    MINDIE(true, false, false),
    /**
     * vLLM (from 0.11, for {@code structured_outputs}) and vLLM-Ascend: all of that, a chat template in the request, and {@code cache_salt}, which keeps one
     * tenant's cached prefixes from another's.
     */
    VLLM(true, true, true);

    private final boolean moreSampling;
    private final boolean chatTemplate;
    private final boolean cacheSalt;

    RemoteDialect(boolean moreSampling, boolean chatTemplate, boolean cacheSalt) {
        this.moreSampling = moreSampling;
        this.chatTemplate = chatTemplate;
        this.cacheSalt = cacheSalt;
    }

    boolean topK() {
        return moreSampling;
    }

    boolean minP() {
        return moreSampling && this != MINDIE;
    }

    boolean repetitionPenalty() {
        return moreSampling;
    }

    /** Plain texts as prompts, at {@code /v1/completions}. */
    boolean textPrompts() {
        return this != PLUMBLINE;
    }

    boolean chatTemplate() {
        return chatTemplate;
    }

    /** Regular expressions and choices as the form of an answer. */
    boolean structuredOutputs() {
        return this == VLLM || this == PLUMBLINE;
    }

    boolean cacheSalt() {
        return cacheSalt;
    }
}
