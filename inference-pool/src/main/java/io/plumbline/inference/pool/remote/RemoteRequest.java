package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.remote.RemoteDialect.Ability;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A request in the words of the OpenAI API and of a server's dialect. */
final class RemoteRequest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SALT_BYTES = 32;

    private final String engine;
    private final RemoteDialect dialect;
    /** Makes salts unpredictable for whoever else can ask the server: its key, or what only this process knows. */
    private final byte[] saltSecret;

    RemoteRequest(String engine, RemoteDialect dialect, RemoteKeys keys) {
        this.engine = engine;
        this.dialect = dialect;
        this.saltSecret = keys.any()
                .map(key -> key.secret().getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> {
                    byte[] random = new byte[SALT_BYTES];
                    new SecureRandom().nextBytes(random);
                    return random;
                });
    }

    /** The API path that takes such a prompt. */
    static String path(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Chat _ -> "/v1/chat/completions";
            case Prompt.Text _ -> "/v1/completions";
        };
    }

    /**
     * The body of a streamed request.
     *
     * @param model the server's name of the model or adapter
     * @throws InferenceException.InvalidPrompt with everything that the server cannot do
     * @throws InferenceException.InvalidConstraint if it cannot hold the answer to its form
     */
    ObjectNode body(CompletionRequest request, String model) {
        requireUnderstood(request);
        ObjectNode body = prompt(request.prompt(), model);
        ObjectNode stream = body.put("stream", true).putObject("stream_options").put("include_usage", true);
        if (dialect.can(Ability.USAGE_AS_IT_GOES)) {
            stream.put("continuous_usage_stats", true);
        }
        sampling(request.sampling(), body);
        request.maxTokens().ifPresent(most -> body.put("max_tokens", most));
        if (!request.stop().isEmpty()) {
            var stop = body.putArray("stop");
            request.stop().forEach(stop::add);
        }
        logprobs(request, body);
        RemoteConstraint.put(request.constraint(), dialect, engine, body);
        if (dialect.can(Ability.CACHE_SALT)) {
            body.put("cache_salt", salt(request.tenant()));
        }
        if (dialect == RemoteDialect.LLAMA_CPP) {
            // What one tenant asked would make another's answer begin sooner.
            body.put("cache_prompt", false);
        }
        return body;
    }

    private void logprobs(CompletionRequest request, ObjectNode body) {
        if (request.topLogprobs().isEmpty()) {
            return;
        }
        // llama-server takes no alternatives for no log-probabilities at all.
        int least = dialect == RemoteDialect.LLAMA_CPP ? 1 : 0;
        int top = Math.max(least, request.topLogprobs().getAsInt());
        switch (request.prompt()) {
            case Prompt.Chat _ -> body.put("logprobs", true).put("top_logprobs", top);
            case Prompt.Text _ -> body.put("logprobs", top);
        }
    }

    /**
     * A body with model and prompt alone.
     *
     * @throws InferenceException.InvalidPrompt if the server does not take such prompts
     */
    ObjectNode prompt(Prompt prompt, String model) {
        if (prompt instanceof Prompt.Text && !dialect.can(Ability.TEXT_PROMPTS)) {
            throw new InferenceException.InvalidPrompt(
                    "The engine '%s', which serves this model, answers messages alone; send messages instead of a plain text."
                            .formatted(engine));
        }
        ObjectNode body = JSON.createObjectNode().put("model", model);
        switch (prompt) {
            case Prompt.Chat chat -> {
                RemoteTools.messages(chat.messages(), body.putArray("messages"));
                if (!chat.tools().isEmpty()) {
                    RemoteTools.functions(chat.tools(), dialect, body.putArray("tools"));
                }
                chat.template().ifPresent(template -> body.put("chat_template", template));
            }
            case Prompt.Text(String text) -> body.put("prompt", text);
        }
        return body;
    }

    private void sampling(SamplingSettings sampling, ObjectNode body) {
        body.put("temperature", sampling.temperature()).put("top_p", sampling.topP());
        put(body, "presence_penalty", sampling.presencePenalty(), 0);
        put(body, "frequency_penalty", sampling.frequencyPenalty(), 0);
        put(body, "min_p", sampling.minP(), 0);
        String repetition = dialect == RemoteDialect.LLAMA_CPP ? "repeat_penalty" : "repetition_penalty";
        put(body, repetition, sampling.repetitionPenalty(), 1);
        if (sampling.topK() > 0 || dialect.can(Ability.DEFAULTS_OF_ITS_OWN)) {
            body.put("top_k", sampling.topK());
        }
        if (!sampling.logitBias().isEmpty()) {
            ObjectNode biases = body.putObject("logit_bias");
            sampling.logitBias().forEach((token, bias) -> biases.put(token.toString(), bias));
        }
        sampling.seed().ifPresent(seed -> body.put("seed", seed(seed)));
    }

    private void put(ObjectNode body, String name, double value, double off) {
        if (value != off || dialect.can(Ability.DEFAULTS_OF_ITS_OWN)) {
            body.put(name, value);
        }
    }

    /** llama.cpp's have 32 bits, and all of them set stand for any. */
    private long seed(long seed) {
        return dialect == RemoteDialect.LLAMA_CPP ? Math.floorMod(seed, 0xFFFF_FFFFL) : seed;
    }

    private void requireUnderstood(CompletionRequest request) {
        List<String> missing = new ArrayList<>();
        SamplingSettings sampling = request.sampling();
        if (sampling.topK() > 0 && !dialect.can(Ability.TOP_K)) {
            missing.add("top_k");
        }
        if (sampling.minP() > 0 && !dialect.can(Ability.MIN_P)) {
            missing.add("min_p");
        }
        if (sampling.repetitionPenalty() != 1 && !dialect.can(Ability.REPETITION_PENALTY)) {
            missing.add("repetition_penalty");
        }
        if (request.prompt() instanceof Prompt.Chat chat
                && chat.template().isPresent()
                && !dialect.can(Ability.CHAT_TEMPLATE)) {
            missing.add("a chat template of the tenant's own");
        }
        if (!missing.isEmpty()) {
            throw new InferenceException.InvalidPrompt(
                    "The engine '%s', which serves this model, does not know %s; leave it out."
                            .formatted(engine, String.join(", ", missing)));
        }
    }

    /** The same for one tenant's requests, different between tenants, and it names nobody. */
    private String salt(TenantId tenant) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(saltSecret, mac.getAlgorithm()));
            byte[] digest = mac.doFinal(("plumbline cache of " + tenant).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
