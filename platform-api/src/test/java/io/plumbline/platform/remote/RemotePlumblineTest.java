package io.plumbline.platform.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.inference.pool.Urgency;
import io.plumbline.inference.pool.remote.ApiKey;
import io.plumbline.inference.pool.remote.RemoteAdapters;
import io.plumbline.inference.pool.remote.RemoteDialect;
import io.plumbline.inference.pool.remote.RemoteEngineSettings;
import io.plumbline.inference.pool.remote.RemoteHealth;
import io.plumbline.inference.pool.remote.RemoteInferencePool;
import io.plumbline.inference.pool.remote.RemoteKeys;
import io.plumbline.inference.pool.remote.RemoteLimits;
import io.plumbline.inference.pool.remote.RemoteModel;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.ScriptedPool;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A remote engine that is a real server: this application. What it answers over the wire is what its engine answers
 * without, to the last bit.
 */
@PlatformTest
class RemotePlumblineTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final String REAL = "smollm2-135m-instruct";
    private static final String ABSENT = "not-there";
    private static final String PERSON =
            "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":20},"
                    + "\"age\":{\"type\":\"integer\",\"minimum\":0}},\"required\":[\"name\",\"age\"],"
                    + "\"additionalProperties\":false}";
    private static final ToolFunction FIND = new ToolFunction("find_person", "Looks a person up", PERSON, true);
    private static final SamplingSettings LIVELY =
            new SamplingSettings(0.9, 40, 0.95, 0.02, 1.1, 0.1, 0.1, Map.of(), OptionalLong.of(20_261_122));

    @Inject
    LocalInferencePool local;

    @Inject
    ScriptedPool scripted;

    private RemoteInferencePool remote;

    @BeforeEach
    void connect() {
        remote = pool(here(RestAssured.port), Callers.key("hospital", "models:read", "inference"));
    }

    @AfterEach
    void disconnect() {
        remote.close();
    }

    private static URI here(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static RemoteInferencePool pool(URI address, String key) {
        List<RemoteModel> models = List.of(
                new RemoteModel(REAL, REAL, 2048, ""),
                new RemoteModel(ScriptedPool.MODEL, ScriptedPool.MODEL, 4096, ""),
                new RemoteModel(ABSENT, "nobody-serves-this", 4096, ""));
        return new RemoteInferencePool(new RemoteEngineSettings(
                "other-site",
                address,
                RemoteKeys.shared(Optional.of(new ApiKey(key))),
                RemoteDialect.PLUMBLINE,
                models,
                new RemoteAdapters.None(),
                RemoteLimits.defaults()));
    }

    private static Prompt.Chat chat(String question) {
        return new Prompt.Chat(List.of(new ChatMessage("user", question)), Optional.empty());
    }

    private static CompletionRequest request(
            String model, Prompt prompt, int maxTokens, OutputConstraint constraint, String... stop) {
        return new CompletionRequest(
                HOSPITAL,
                model,
                Optional.empty(),
                prompt,
                LIVELY,
                OptionalInt.of(maxTokens),
                List.of(stop),
                OptionalInt.empty(),
                Urgency.normal(),
                constraint);
    }

    private static CompletionRequest script(String script) {
        return request(ScriptedPool.MODEL, chat(script), 100_000, OutputConstraint.free());
    }

    /** Asks both, and returns the text that both gave. */
    private String sameText(CompletionRequest request) {
        HeardAnswer near = HeardAnswer.of(local, request);
        HeardAnswer far = HeardAnswer.of(remote, request);
        FinishedCompletion there = far.finished();
        FinishedCompletion here = near.finished();
        assertThat(far.text()).isEqualTo(near.text());
        assertThat(there.reason()).isEqualTo(here.reason());
        assertThat(there.promptTokens()).isEqualTo(here.promptTokens());
        assertThat(there.completionTokens()).isEqualTo(here.completionTokens());
        return far.text();
    }

    @Test
    void aSeedMeansTheSameThere() {
        CompletionRequest request = request(REAL, chat("Tell me about the sea."), 40, OutputConstraint.free());
        assertThat(sameText(request)).hasSizeGreaterThan(40);
        assertThat(HeardAnswer.of(remote, request))
                .satisfies(answer -> assertThat(answer.finished().reason()).isEqualTo(FinishReason.LENGTH))
                .satisfies(answer -> assertThat(answer.pieces()).isGreaterThan(1));
    }

    @Test
    void stopStringsEndTheAnswerThere() {
        String whole = sameText(request(REAL, chat("Count from one to ten."), 40, OutputConstraint.free()));
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
        CompletionRequest request = request(REAL, chat("Count from one to ten."), 40, OutputConstraint.free(), stop);
        assertThat(sameText(request)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(HeardAnswer.of(remote, request).finished().reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void logProbabilitiesCrossTheWireUnrounded() {
        CompletionRequest request = new CompletionRequest(
                HOSPITAL,
                REAL,
                Optional.empty(),
                chat("Name three colours, and one in 中文."),
                LIVELY,
                OptionalInt.of(24),
                List.of(),
                OptionalInt.of(3));
        HeardAnswer near = HeardAnswer.of(local, request);
        HeardAnswer far = HeardAnswer.of(remote, request);
        assertThat(near.finished().completionTokens()).isEqualTo(far.finished().completionTokens());
        assertThat(far.logprobs()).hasSameSizeAs(near.logprobs()).isNotEmpty();
        for (int i = 0; i < near.logprobs().size(); i++) {
            assertSame(far.logprobs().get(i), near.logprobs().get(i));
            List<TokenLogprob> top = near.logprobs().get(i).top();
            assertThat(far.logprobs().get(i).top()).hasSameSizeAs(top).hasSize(3);
            for (int j = 0; j < top.size(); j++) {
                assertSame(far.logprobs().get(i).top().get(j), top.get(j));
            }
        }
    }

    private static void assertSame(TokenLogprob far, TokenLogprob near) {
        assertThat(far.bytes()).isEqualTo(near.bytes());
        assertThat(far.logprob()).isEqualTo(near.logprob());
    }

    @Test
    void answersKeepTheirFormThere() {
        assertThat(sameText(request(
                        REAL,
                        chat("Ada is 36 years old. Who is it?"),
                        100,
                        new OutputConstraint.JsonSchema(PERSON, true))))
                .startsWith("{")
                .contains("\"age\"");
        assertThat(sameText(request(REAL, chat("A date?"), 40, new OutputConstraint.Regex("\\d{4}-\\d{2}-\\d{2}"))))
                .matches("\\d{4}-\\d{2}-\\d{2}");
        assertThat(sameText(request(REAL, chat("Is water wet?"), 40, new OutputConstraint.OneOf(List.of("yes", "no")))))
                .isIn("yes", "no");
        assertThat(sameText(request(REAL, chat("Some JSON, please."), 60, new OutputConstraint.JsonObject())))
                .startsWith("{");
    }

    @Test
    void toolsAreCalledAndTheirResultsReadThere() {
        OutputConstraint calls = new OutputConstraint.ToolCalls(List.of(FIND), ToolUse.REQUIRED, false);
        Prompt.Chat question = new Prompt.Chat(
                List.of(new ChatMessage("user", "Find Ada, who is 36.")), Optional.empty(), List.of(FIND));
        assertThat(sameText(request(REAL, question, 100, calls))).contains("find_person");

        List<ToolCall> made = List.of(
                new ToolCall("call_1", "find_person", "{\"name\": \"Ada\", \"age\": 36}"),
                new ToolCall("call_2", "find_person", "{\"name\": \"Bea\", \"age\": 7}"));
        Prompt.Chat results = new Prompt.Chat(
                List.of(
                        new ChatMessage("user", "Find Ada, who is 36, and Bea."),
                        new ChatMessage("assistant", "", made),
                        new ChatMessage("tool", "{\"room\": 12}"),
                        new ChatMessage("tool", "{\"room\": 14}")),
                Optional.empty(),
                List.of(FIND));
        OutputConstraint free = new OutputConstraint.ToolCalls(List.of(FIND), ToolUse.AUTO, true);
        assertThat(sameText(request(REAL, results, 30, free))).isNotEmpty();
    }

    @Test
    void tokensAreCountedByTheOtherSide() {
        for (Prompt prompt : List.of(chat("Hello"), chat("多行\n内容 <|im_end|> and more"))) {
            assertThat(remote.countTokens(REAL, prompt)).isEqualTo(local.countTokens(REAL, prompt));
        }
    }

    @Test
    void healthNamesTheModels() {
        assertThat(remote.health()).isInstanceOfSatisfying(RemoteHealth.Up.class, up -> assertThat(up.models())
                .contains(REAL));
    }

    @Test
    void cancellingEndsTheWorkThere() {
        int before = scripted.cancelled();
        int waiting = scripted.waiting();
        HeardAnswer answer = new HeardAnswer();
        Completion completion = remote.submit(script("wait"), answer);
        Eventually.until(
                "the other side has begun", () -> assertThat(scripted.waiting()).isEqualTo(waiting + 1));
        completion.cancel();
        assertThat(answer.finished().reason()).isEqualTo(FinishReason.CANCELLED);
        Eventually.until("the other side has heard of it", () -> assertThat(scripted.cancelled())
                .isEqualTo(before + 1));
    }

    @Test
    void refusalsOfTheServerKeepTheirMeaning() {
        assertThat(HeardAnswer.of(remote, script("overloaded")).failure())
                .isInstanceOfSatisfying(InferenceException.Overloaded.class, e -> assertThat(e.retryAfterSeconds())
                        .isEqualTo(7));
        assertThat(HeardAnswer.of(remote, script("stopping")).failure())
                .isInstanceOfSatisfying(InferenceException.Overloaded.class, e -> assertThat(e.retryAfterSeconds())
                        .isEqualTo(10));
        assertThat(HeardAnswer.of(remote, request(ABSENT, chat("Hello"), 5, OutputConstraint.free()))
                        .failure())
                .isInstanceOf(InferenceException.UnknownModel.class)
                .hasMessageContaining(ABSENT);
        assertThat(HeardAnswer.of(remote, request(REAL, chat("x"), 5, new OutputConstraint.Regex("(?=a)b")))
                        .failure())
                .isInstanceOf(InferenceException.InvalidConstraint.class)
                .hasMessageContaining("lookaround");
        assertThat(HeardAnswer.of(remote, request(REAL, chat("word ".repeat(9000)), 5, OutputConstraint.free()))
                        .failure())
                .isInstanceOf(InferenceException.InvalidPrompt.class)
                .hasMessageContaining("context");
    }

    @Test
    void aKeyThatIsNotTakenIsTheOperatorsMatter() {
        for (String key : List.of("pl-hospital-wrong", Callers.key("hospital", "models:read"))) {
            try (RemoteInferencePool stranger = pool(here(RestAssured.port), key)) {
                assertThat(HeardAnswer.of(stranger, script("say:Hello")).failure())
                        .isInstanceOf(InferenceException.EngineFailed.class)
                        .hasMessageContaining("refuses this installation's API key")
                        .hasMessageNotContaining(key);
            }
        }
    }

    @Test
    void anEngineThatFailsInTheMiddleFailsTheAnswer() {
        HeardAnswer answer = HeardAnswer.of(remote, script("fail"));
        assertThat(answer.failure()).isInstanceOf(InferenceException.EngineFailed.class);
        assertThat("So far ").as("what was not screened yet stays there").startsWith(answer.text());
    }

    @Test
    void aServerThatIsGoneInTheMiddleFailsTheAnswer() throws IOException {
        CompletionRequest request = request(REAL, chat("Tell me about the sea."), 200, OutputConstraint.free());
        HeardAnswer whole = HeardAnswer.of(local, request);
        assertThat(whole.finished().completionTokens()).isGreaterThan(50);
        try (Relay relay = new Relay(RestAssured.port, 3);
                RemoteInferencePool cut = pool(relay.address(), Callers.key("hospital", "models:read", "inference"))) {
            HeardAnswer answer = HeardAnswer.of(cut, request);
            assertThat(answer.failure())
                    .isInstanceOf(InferenceException.EngineFailed.class)
                    .hasMessageContaining("broke off");
            assertThat(answer.text()).isNotEmpty().isNotEqualTo(whole.text());
            assertThat(whole.text()).startsWith(answer.text());
        }
    }

    @Test
    void aPlainTextIsRefusedBecauseTheServerTakesMessagesAlone() {
        CompletionRequest text = request(REAL, new Prompt.Text("Once upon a time"), 5, OutputConstraint.free());
        assertThatExceptionOfType(InferenceException.InvalidPrompt.class)
                .isThrownBy(() -> HeardAnswer.of(remote, text))
                .withMessageContaining("other-site")
                .withMessageContaining("messages");
    }
}
