package io.plumbline.inference.pool.remote;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a server understands beyond the OpenAI API. A request that needs more is refused, never silently changed. */
public enum RemoteDialect {
    /** Nothing more. */
    OPENAI(Ability.TEXT_PROMPTS),
    /**
     * Another Plumbline: {@code top_k}, {@code min_p}, {@code repetition_penalty}, {@code structured_outputs}; messages
     * alone, no plain texts.
     */
    PLUMBLINE(Ability.TOP_K, Ability.MIN_P, Ability.REPETITION_PENALTY, Ability.STRUCTURED_OUTPUTS),
    /** MindIE: {@code top_k}, {@code repetition_penalty}. */
    MINDIE(Ability.TEXT_PROMPTS, Ability.TOP_K, Ability.REPETITION_PENALTY),
    /**
     * llama.cpp's {@code llama-server}: {@code top_k}, {@code min_p}, {@code repeat_penalty}, choices as a grammar. It keeps
     * no cached prefixes of tenants apart, so it is asked to keep none.
     */
    LLAMA_CPP(
            Ability.TEXT_PROMPTS,
            Ability.TOP_K,
            Ability.MIN_P,
            Ability.REPETITION_PENALTY,
            Ability.GRAMMAR,
            Ability.DEFAULTS_OF_ITS_OWN,
            Ability.HEALTH),
    /**
     * vLLM (from 0.11, for {@code structured_outputs}) and vLLM-Ascend: all that Plumbline has, a chat template in the
     * request, and {@code cache_salt}, which keeps one tenant's cached prefixes from another's.
     */
    VLLM(
            Ability.TEXT_PROMPTS,
            Ability.TOP_K,
            Ability.MIN_P,
            Ability.REPETITION_PENALTY,
            Ability.STRUCTURED_OUTPUTS,
            Ability.CHAT_TEMPLATE,
            Ability.CACHE_SALT,
            Ability.USAGE_AS_IT_GOES,
            Ability.TELLS_EVERY_TOKEN,
            Ability.LOADS_ADAPTERS,
            Ability.DEFAULTS_OF_ITS_OWN,
            Ability.HEALTH);

    /** One thing that some servers can and others cannot. */
    enum Ability {
        /** Plain texts as prompts, at {@code /v1/completions}. */
        TEXT_PROMPTS,
        TOP_K,
        MIN_P,
        REPETITION_PENALTY,
        /** Regular expressions and choices as the form of an answer. */
        STRUCTURED_OUTPUTS,
        /** A grammar (GBNF) as the form of an answer. */
        GRAMMAR,
        CHAT_TEMPLATE,
        CACHE_SALT,
        /** Token counts in every piece, so that those of an answer that is cut short are known. */
        USAGE_AS_IT_GOES,
        /**
         * Sends a piece for every token if asked for token ids, also for those that it keeps back until it has read a call of
         * a tool: else a long call looks like a server that has stalled.
         */
        TELLS_EVERY_TOKEN,
        /** Loads adapters at run time, where told to. */
        LOADS_ADAPTERS,
        /**
         * What a request leaves out is not off: llama-server cuts to 40 tokens and a twentieth of the likeliest, vLLM takes
         * what the model's {@code generation_config.json} says. All settings are sent to such a server, neutral ones too.
         */
        DEFAULTS_OF_ITS_OWN,
        /** {@code /health} tells of an engine that is dead or still loading, which {@code /v1/models} does not. */
        HEALTH
    }

    private final Set<Ability> abilities;

    RemoteDialect(Ability... abilities) {
        this.abilities = abilities.length == 0 ? EnumSet.noneOf(Ability.class) : EnumSet.copyOf(List.of(abilities));
    }

    boolean can(Ability ability) {
        return abilities.contains(ability);
    }
}
