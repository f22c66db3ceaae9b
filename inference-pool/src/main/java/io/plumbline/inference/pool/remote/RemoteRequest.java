package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A request in the words of the OpenAI API and of a server's dialect. */
final class RemoteRequest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SALT_BYTES = 16;

    private final String engine;
    private final RemoteDialect dialect;

    RemoteRequest(String engine, RemoteDialect dialect) {
        this.engine = engine;
        this.dialect = dialect;
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
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
        sampling(request.sampling(), body);
        request.maxTokens().ifPresent(most -> body.put("max_tokens", most));
        if (!request.stop().isEmpty()) {
            var stop = body.putArray("stop");
            request.stop().forEach(stop::add);
        }
        if (request.topLogprobs().isPresent()) {
            int top = request.topLogprobs().getAsInt();
            switch (request.prompt()) {
                case Prompt.Chat _ -> body.put("logprobs", true).put("top_logprobs", top);
                case Prompt.Text _ -> body.put("logprobs", top);
            }
        }
        RemoteConstraint.put(request.constraint(), dialect, engine, body);
        if (dialect.cacheSalt()) {
            body.put("cache_salt", salt(request.tenant()));
        }
        return body;
    }

    /**
     * A body with model and prompt alone.
     *
     * @throws InferenceException.InvalidPrompt if the server does not take such prompts
     */
    ObjectNode prompt(Prompt prompt, String model) {
        if (prompt instanceof Prompt.Text && !dialect.textPrompts()) {
            throw new InferenceException.InvalidPrompt(
                    "The engine '%s', which serves this model, answers messages alone; send messages instead of a plain text."
                            .formatted(engine));
        }
        ObjectNode body = JSON.createObjectNode().put("model", model);
        switch (prompt) {
            case Prompt.Chat chat -> {
                RemoteTools.messages(chat.messages(), body.putArray("messages"));
                if (!chat.tools().isEmpty()) {
                    RemoteTools.functions(chat.tools(), body.putArray("tools"));
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
        put(body, "repetition_penalty", sampling.repetitionPenalty(), 1);
        if (sampling.topK() > 0) {
            body.put("top_k", sampling.topK());
        }
        if (!sampling.logitBias().isEmpty()) {
            ObjectNode biases = body.putObject("logit_bias");
            sampling.logitBias().forEach((token, bias) -> biases.put(token.toString(), bias));
        }
        sampling.seed().ifPresent(seed -> body.put("seed", seed));
    }

    private static void put(ObjectNode body, String name, double value, double off) {
        if (value != off) {
            body.put(name, value);
        }
    }

    private void requireUnderstood(CompletionRequest request) {
        List<String> missing = new ArrayList<>();
        SamplingSettings sampling = request.sampling();
        if (sampling.topK() > 0 && !dialect.topK()) {
            missing.add("top_k");
        }
        if (sampling.minP() > 0 && !dialect.minP()) {
            missing.add("min_p");
        }
        if (sampling.repetitionPenalty() != 1 && !dialect.repetitionPenalty()) {
            missing.add("repetition_penalty");
        }
        if (request.prompt() instanceof Prompt.Chat chat && chat.template().isPresent() && !dialect.chatTemplate()) {
            missing.add("a chat template of the tenant's own");
        }
        if (!missing.isEmpty()) {
            throw new InferenceException.InvalidPrompt(
                    "The engine '%s', which serves this model, does not know %s; leave it out."
                            .formatted(engine, String.join(", ", missing)));
        }
    }

    /** The same for one tenant's requests, different between tenants, and it names nobody. */
    private static String salt(TenantId tenant) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("plumbline cache of " + tenant).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, SALT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
