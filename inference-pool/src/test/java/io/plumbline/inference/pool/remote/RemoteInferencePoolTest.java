package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.inference.pool.Urgency;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a server is asked, how its refusals are understood, and its health. */
class RemoteInferencePoolTest extends RemoteFixture {
    private static final String DONE =
            "data: {\"choices\":[{\"index\":0,\"text\":\"x\",\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";

    @Test
    void settingsArePassedThrough() throws Exception {
        server.streams(CHAT, DONE);
        var sampling = new SamplingSettings(0.7, 40, 0.9, 0.05, 1.1, 0.2, 0.3, Map.of(7, -1.5), OptionalLong.of(42));
        var answer = ask(request(chat("hello"), sampling, Urgency.normal(), OutputConstraint.free()));
        assertThat(answer.await().completionTokens()).isEqualTo(1);
        JsonNode body = server.seen().getFirst().body();
        assertThat(body.path("model").asText()).isEqualTo("Qwen/Qwen3-8B");
        assertThat(body.path("messages").path(0).path("content").asText()).isEqualTo("hello");
        assertThat(body.path("stream").asBoolean()).isTrue();
        assertThat(body.path("stream_options").path("include_usage").asBoolean())
                .isTrue();
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.7);
        assertThat(body.path("top_k").asInt()).isEqualTo(40);
        assertThat(body.path("top_p").asDouble()).isEqualTo(0.9);
        assertThat(body.path("min_p").asDouble()).isEqualTo(0.05);
        assertThat(body.path("repetition_penalty").asDouble()).isEqualTo(1.1);
        assertThat(body.path("presence_penalty").asDouble()).isEqualTo(0.2);
        assertThat(body.path("frequency_penalty").asDouble()).isEqualTo(0.3);
        assertThat(body.path("logit_bias").path("7").asDouble()).isEqualTo(-1.5);
        assertThat(body.path("seed").asLong()).isEqualTo(42);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(20);
        assertThat(body.path("stop").path(0).asText()).isEqualTo("END");
        assertThat(body.path("stream_options").path("continuous_usage_stats").asBoolean())
                .isTrue();
        assertThat(server.seen().getFirst().authorization()).isEqualTo("Bearer " + SECRET);
    }

    /** llama-server cuts to 40 tokens if it is not told otherwise, vLLM does what the model's author thought best. */
    @Test
    void settingsThatAreOffAreSentToServersThatHaveDefaultsOfTheirOwn() throws Exception {
        server.streams(CHAT, DONE);
        JsonNode vllm = bodyOf(chat("?"), OutputConstraint.free());
        assertThat(vllm.path("top_k").asInt(-9)).isZero();
        assertThat(vllm.path("min_p").asDouble(-9)).isZero();
        assertThat(vllm.path("repetition_penalty").asDouble()).isEqualTo(1);
        assertThat(vllm.path("presence_penalty").asDouble(-9)).isZero();
        pool.close();
        pool = pool(RemoteDialect.LLAMA_CPP, new RemoteAdapters.None(), RemoteLimits.defaults());
        JsonNode llama = bodyOf(chat("?"), OutputConstraint.free());
        assertThat(llama.path("top_k").asInt(-9)).isZero();
        assertThat(llama.path("repeat_penalty").asDouble()).isEqualTo(1);
        assertThat(llama.has("repetition_penalty")).isFalse();
        assertThat(llama.path("cache_prompt").asBoolean(true)).isFalse();
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), RemoteLimits.defaults());
        assertThat(bodyOf(chat("?"), OutputConstraint.free()).has("top_k")).isFalse();
    }

    @Test
    void llamaServerIsAskedInItsOwnWords() throws Exception {
        server.streams(CHAT, DONE);
        pool.close();
        pool = pool(RemoteDialect.LLAMA_CPP, new RemoteAdapters.None(), RemoteLimits.defaults());
        assertThat(bodyOf(chat("?"), new OutputConstraint.OneOf(List.of("y\"es", "n\\o\n")))
                        .path("grammar")
                        .asText())
                .isEqualTo("root ::= \"y\\\"es\" | \"n\\\\o\\n\"");
        assertThat(seedSent(7_000_000_000_000_000_001L)).isBetween(0L, 0xFFFF_FFFEL);
        assertThat(seedSent(0xFFFF_FFFFL)).as("all bits set stand for any seed").isZero();
        var request = new CompletionRequest(
                HOSPITAL,
                "qwen",
                Optional.empty(),
                chat("?"),
                SamplingSettings.greedy(),
                OptionalInt.of(1),
                List.of(),
                OptionalInt.of(0));
        assertThat(ask(request).await().completionTokens()).isEqualTo(1);
        assertThat(server.seen().getLast().body().path("top_logprobs").asInt()).isEqualTo(1);
    }

    private long seedSent(long seed) throws Exception {
        var sampling = new SamplingSettings(1, 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.of(seed));
        assertThat(ask(request(chat("?"), sampling, Urgency.normal(), OutputConstraint.free()))
                        .await()
                        .completionTokens())
                .isEqualTo(1);
        return server.seen().getLast().body().path("seed").asLong(-9);
    }

    @Test
    void onlyTheToolsOfTheFormMayBeCalled() throws Exception {
        server.streams(CHAT, DONE);
        var weather = new ToolFunction("weather", "of a city", "{\"type\":\"object\"}", false);
        var clock = new ToolFunction("clock", "time", "{\"type\":\"object\"}", false);
        Prompt prompt =
                new Prompt.Chat(List.of(new ChatMessage("user", "?")), Optional.empty(), List.of(weather, clock));
        var one = new OutputConstraint.ToolCalls(List.of(clock), ToolUse.AUTO, false);
        JsonNode tools = bodyOf(prompt, one).path("tools");
        assertThat(tools.size()).isEqualTo(1);
        assertThat(tools.path(0).path("function").path("strict").asBoolean())
                .as("vLLM holds no arguments to their form without it")
                .isTrue();
        assertThat(bodyOf(prompt, OutputConstraint.free()).path("tool_choice").asText())
                .isEqualTo("none");
        var named = new OutputConstraint.ToolCalls(List.of(clock), ToolUse.REQUIRED, false);
        assertThat(namedTools(prompt, named)
                        .path("tool_choice")
                        .path("function")
                        .path("name")
                        .asText())
                .isEqualTo("clock");
        assertThat(server.seen().getLast().body().path("return_token_ids").asBoolean())
                .as("vLLM is silent while it reads a call, unless it is to send every token")
                .isTrue();
        pool.close();
        pool = pool(RemoteDialect.LLAMA_CPP, new RemoteAdapters.None(), RemoteLimits.defaults());
        JsonNode llama = namedTools(prompt, named);
        assertThat(llama.path("tool_choice").asText()).isEqualTo("required");
        assertThat(llama.path("tools").size()).isEqualTo(1);
    }

    /** The answer calls nothing, which is a failure where it has to. */
    private JsonNode namedTools(Prompt prompt, OutputConstraint form) throws Exception {
        assertThat(ask(request(prompt, SamplingSettings.greedy(), Urgency.normal(), form))
                        .awaitFailure())
                .isInstanceOf(InferenceException.InvalidConstraint.class)
                .hasMessageContaining("called no function");
        return server.seen().getLast().body();
    }

    /** Without a limit, vLLM and OpenAI take 16 tokens to continue a text. */
    @Test
    void aTextWithoutALimitMayFillTheContext() throws Exception {
        server.streams(TEXT, DONE);
        server.answers("/tokenize", 200, "{\"count\":14}");
        assertThat(limitSent()).isEqualTo(QWEN.contextLength() - 14);
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), RemoteLimits.defaults());
        assertThat(limitSent()).isEqualTo(QWEN.contextLength() - "Once".length() - 2);
        pool.close();
        pool = pool(RemoteDialect.LLAMA_CPP, new RemoteAdapters.None(), RemoteLimits.defaults());
        assertThat(limitSent()).as("llama-server goes on by itself").isEqualTo(-9);
    }

    private int limitSent() throws Exception {
        var request = new CompletionRequest(
                HOSPITAL,
                "qwen",
                Optional.empty(),
                new Prompt.Text("Once"),
                SamplingSettings.greedy(),
                OptionalInt.empty(),
                List.of(),
                OptionalInt.empty());
        assertThat(ask(request).await().completionTokens()).isEqualTo(1);
        return server.seen().getLast().body().path("max_tokens").asInt(-9);
    }

    @Test
    void cachedPrefixesOfTenantsAreKeptApartWithoutNamingThem() throws Exception {
        server.streams(CHAT, DONE);
        String hospital = saltOf(HOSPITAL);
        assertThat(hospital)
                .isEqualTo(saltOf(HOSPITAL))
                .isNotEqualTo(saltOf(BROKER))
                .doesNotContain("hospital");
    }

    private String saltOf(TenantId tenant) throws Exception {
        HeardAnswer answer = new HeardAnswer();
        var completion = pool.submit(
                new CompletionRequest(
                        tenant,
                        "qwen",
                        Optional.empty(),
                        chat("?"),
                        SamplingSettings.greedy(),
                        OptionalInt.empty(),
                        List.of(),
                        OptionalInt.of(2)),
                answer);
        assertThat(completion.promptTokens()).isNotNegative();
        assertThat(answer.await().completionTokens()).isEqualTo(1);
        JsonNode body = server.seen().getLast().body();
        assertThat(body.path("logprobs").asBoolean()).isTrue();
        assertThat(body.path("top_logprobs").asInt()).isEqualTo(2);
        return body.path("cache_salt").asText();
    }

    @Test
    void formsAndToolsAreAskedForInTheServersWords() throws Exception {
        server.streams(CHAT, DONE);
        var tool = new ToolFunction("weather", "of a city", "{\"type\":\"object\"}", true);
        var call = new ToolCall("call-1", "weather", "{\"city\":\"Paris\"}");
        Prompt prompt = new Prompt.Chat(
                List.of(
                        new ChatMessage("user", "weather?"),
                        new ChatMessage("assistant", "", List.of(call)),
                        new ChatMessage("tool", "sunny")),
                Optional.empty(),
                List.of(tool));
        JsonNode tools = namedTools(prompt, new OutputConstraint.ToolCalls(List.of(tool), ToolUse.REQUIRED, false));
        assertThat(tools.path("tools").size()).isEqualTo(1);
        assertThat(tools.path("tools").path(0).path("function").path("name").asText())
                .isEqualTo("weather");
        assertThat(tools.path("tool_choice").asText()).isEqualTo("required");
        assertThat(tools.path("parallel_tool_calls").asBoolean(true)).isFalse();
        assertThat(tools.path("messages")
                        .path(1)
                        .path("tool_calls")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo("call-1");
        assertThat(tools.path("messages").path(2).path("tool_call_id").asText()).isEqualTo("call-1");
        assertThat(resultIds(new ChatMessage("tool", "a"), new ChatMessage("tool", "b")))
                .containsExactly("call-1", "call-2");
        assertThat(resultIds(ChatMessage.toolResult("call-2", "b"), ChatMessage.toolResult("call-1", "a")))
                .containsExactly("call-2", "call-1");
        assertThat(resultIds(ChatMessage.toolResult("call-1", "a"), new ChatMessage("tool", "b")))
                .containsExactly("call-1", "call-2");
        JsonNode schema = bodyOf(chat("?"), new OutputConstraint.JsonSchema("{\"type\":\"array\"}", true));
        assertThat(schema.path("response_format")
                        .path("json_schema")
                        .path("schema")
                        .path("type")
                        .asText())
                .isEqualTo("array");
        assertThat(bodyOf(chat("?"), new OutputConstraint.Regex("a+"))
                        .path("structured_outputs")
                        .path("regex")
                        .asText())
                .isEqualTo("a+");
    }

    private JsonNode bodyOf(Prompt prompt, OutputConstraint constraint) throws Exception {
        var answer = ask(request(prompt, SamplingSettings.greedy(), Urgency.normal(), constraint));
        assertThat(answer.await().completionTokens()).isEqualTo(1);
        return server.seen().getLast().body();
    }

    /** Which calls two results of two calls are said to belong to. */
    private List<String> resultIds(ChatMessage first, ChatMessage second) throws Exception {
        var calls = List.of(new ToolCall("call-1", "weather", "{}"), new ToolCall("call-2", "weather", "{}"));
        Prompt prompt = new Prompt.Chat(
                List.of(new ChatMessage("user", "?"), new ChatMessage("assistant", "", calls), first, second),
                Optional.empty());
        JsonNode turns = bodyOf(prompt, OutputConstraint.free()).path("messages");
        return List.of(
                turns.path(2).path("tool_call_id").asText(),
                turns.path(3).path("tool_call_id").asText());
    }

    @Test
    void whatTheServerCannotDoIsRefusedBeforeItIsAsked() {
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), RemoteLimits.defaults());
        var sampling = new SamplingSettings(0.7, 40, 1, 0.05, 1, 0, 0, Map.of(), OptionalLong.empty());
        assertThatExceptionOfType(InferenceException.InvalidPrompt.class)
                .isThrownBy(() -> ask(request(chat("?"), sampling, Urgency.normal(), OutputConstraint.free())))
                .withMessageContaining("top_k, min_p")
                .withMessageContaining("gpu-1");
        assertThatExceptionOfType(InferenceException.InvalidConstraint.class)
                .isThrownBy(() -> ask(request(
                        chat("?"), SamplingSettings.greedy(), Urgency.normal(), new OutputConstraint.Regex("a+"))));
        pool.close();
        pool = pool(RemoteDialect.PLUMBLINE, new RemoteAdapters.None(), RemoteLimits.defaults());
        assertThatExceptionOfType(InferenceException.InvalidPrompt.class)
                .isThrownBy(() -> ask(request(new Prompt.Text("?"))))
                .withMessageContaining("send messages");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void refusalsOfTheServerAreUnderstood() throws Exception {
        server.answers(CHAT, 429, "{\"error\":{\"message\":\"busy\"}}", "Retry-After", "17");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOfSatisfying(InferenceException.Overloaded.class, e -> assertThat(e.retryAfterSeconds())
                        .isEqualTo(17));
        server.answers(CHAT, 503, "", "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOfSatisfying(InferenceException.Overloaded.class, e -> assertThat(e.retryAfterSeconds())
                        .isEqualTo(1));
        server.answers(CHAT, 503, "", "Retry-After", "soon");
        assertThat(ask(request(chat("?"))).awaitFailure()).isInstanceOf(InferenceException.Overloaded.class);
        server.answers(CHAT, 400, "{\"error\":{\"message\":\"maximum context length is 4096 tokens\"}}");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.InvalidPrompt.class)
                .hasMessageContaining("maximum context length is 4096 tokens");
        server.answers(CHAT, 400, "{\"error\":{\"message\":\"no lookaround\",\"code\":\"invalid_constraint\"}}");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.InvalidConstraint.class)
                .hasMessageContaining("no lookaround");
        server.answers(CHAT, 404, "{\"object\":\"error\",\"message\":\"The model does not exist\"}");
        assertThat(ask(request(chat("?"))).awaitFailure()).isInstanceOf(InferenceException.UnknownModel.class);
        server.answers(CHAT, 500, "Traceback (most recent call last): secret internals");
        assertThat(ask(request(chat("?"))).awaitFailure())
                .isInstanceOf(InferenceException.EngineFailed.class)
                .hasMessageNotContaining("Traceback");
        server.answers(CHAT, 302, "", "Location", "http://127.0.0.1:1/elsewhere");
        assertThat(ask(request(chat("?"))).awaitFailure()).isInstanceOf(InferenceException.EngineFailed.class);
    }

    @Test
    void aRefusedKeyIsToldWithoutTheKey() throws Exception {
        server.answers(CHAT, 401, "{\"error\":{\"message\":\"invalid key " + SECRET + "\"}}");
        InferenceException failure = ask(request(chat("?"))).awaitFailure();
        assertThat(failure).hasMessageContaining("API key").hasMessageNotContaining(SECRET);
        assertThat(new ApiKey(SECRET).toString()).doesNotContain(SECRET);
    }

    @Test
    void tokensAreCountedByTheServersTokenizerOrByUsage() {
        server.answers("/tokenize", 200, "{\"count\":14,\"max_model_len\":4096,\"tokens\":[]}");
        assertThat(pool.countTokens("qwen", chat("hello"))).isEqualTo(14);
        pool.close();
        pool = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), RemoteLimits.defaults());
        server.answers(CHAT, 200, "{\"choices\":[],\"usage\":{\"prompt_tokens\":15,\"completion_tokens\":1}}");
        assertThat(pool.countTokens("qwen", chat("hello"))).isEqualTo(15);
        assertThat(server.seen().getLast().body().path("max_tokens").asInt()).isEqualTo(1);
        assertThatExceptionOfType(InferenceException.UnknownModel.class)
                .isThrownBy(() -> pool.countTokens("other", chat("hello")));
    }

    @Test
    void healthSaysWhatIsServedOrWhatIsWrong() {
        server.answers(
                "/v1/models", 200, "{\"object\":\"list\",\"data\":[{\"id\":\"Qwen/Qwen3-8B\",\"object\":\"model\"}]}");
        assertThat(pool.health()).isEqualTo(new RemoteHealth.Up(List.of("Qwen/Qwen3-8B")));
        server.answers("/v1/models", 401, "{\"error\":\"Unauthorized\"}");
        assertThat(pool.health()).isEqualTo(new RemoteHealth.Down("GET /v1/models answers 401: Unauthorized"));
        server.answers("/v1/models", 200, "{\"data\":[]}");
        server.answers("/health", 503, "");
        assertThat(pool.health())
                .as("vLLM lists its models even when its engine is dead")
                .isInstanceOfSatisfying(RemoteHealth.Down.class, down -> assertThat(down.reason())
                        .contains("GET /health answers 503"));
        server.close();
        assertThat(pool.health()).isInstanceOf(RemoteHealth.Down.class);
    }

    @Test
    void promptsAndKeysDoNotCrossANetworkInTheClear() {
        RemoteEngineSettings elsewhere = at("http://gpu.example:8000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> elsewhere.requireEncryption(false))
                .withMessageContaining("https");
        assertThat(elsewhere.requireEncryption(true)).isEqualTo(elsewhere);
        assertThat(at("https://gpu.example").requireEncryption(false).at("/v1/models"))
                .isEqualTo(URI.create("https://gpu.example/v1/models"));
        assertThat(at("http://127.0.0.1:8000/").requireEncryption(false).at("/v1/models"))
                .isEqualTo(URI.create("http://127.0.0.1:8000/v1/models"));
        assertThatIllegalArgumentException().isThrownBy(() -> at("https://user:secret@gpu.example"));
        assertThatIllegalArgumentException().isThrownBy(() -> at("gpu.example:8000"));
    }

    private static RemoteEngineSettings at(String address) {
        return new RemoteEngineSettings(
                "gpu-2",
                URI.create(address),
                RemoteKeys.shared(Optional.empty()),
                RemoteDialect.OPENAI,
                List.of(QWEN),
                new RemoteAdapters.None(),
                RemoteLimits.defaults());
    }
}
