package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.inference.pool.Urgency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalInferencePoolTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");
    private static final AdapterId ADAPTER = new AdapterId(HOSPITAL, "notes-1");
    private static final String TEMPLATE =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}";

    @TempDir
    Path models;

    private LocalInferencePool pool;

    @BeforeEach
    void open() throws IOException {
        Files.copy(TestModels.path("llama-untied.F32.gguf"), models.resolve("tiny.gguf"));
        pool = new LocalInferencePool(new LocalPoolSettings(
                models,
                "reference",
                new BackendOptions(1),
                EngineLimits.defaults().withCacheTokens(256),
                OptionalLong.empty()));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void listsModelsWithoutLoadingThemAndFindsNewOnes() throws IOException {
        BaseModel tiny = pool.baseModels().getFirst();
        assertThat(tiny.id()).isEqualTo("tiny");
        assertThat(tiny.architecture()).isEqualTo("llama");
        assertThat(tiny.contextLength()).isEqualTo(256);
        assertThat(tiny.sha256()).matches("[0-9a-f]{64}");
        assertThat(pool.metrics()).isEmpty();

        Files.copy(TestModels.path("gemma3-p6.Q8_0.gguf"), models.resolve("gemma.gguf"));
        assertThat(pool.baseModels()).extracting(BaseModel::id).containsExactly("gemma", "tiny");
    }

    @Test
    void aBrokenFileIsReportedAndTheOthersServe() throws IOException {
        Files.writeString(models.resolve("broken.gguf"), "this is no model");
        assertThat(pool.baseModels()).extracting(BaseModel::id).containsExactly("tiny");
        assertThat(pool.unusableFiles()).containsOnlyKeys(models.resolve("broken.gguf"));
        assertThatExceptionOfType(InferenceException.UnknownModel.class)
                .isThrownBy(() -> pool.countTokens("broken", new Prompt.Text("a")));
        assertThat(pool.countTokens("tiny", new Prompt.Text("abc"))).isPositive();
    }

    @Test
    void aModelNameIsNoPath() {
        for (String name : List.of("../tiny", "/etc/passwd", "", "nobody", "tiny.gguf")) {
            assertThatExceptionOfType(InferenceException.UnknownModel.class)
                    .as(name)
                    .isThrownBy(() -> pool.countTokens(name, new Prompt.Text("a")));
        }
    }

    @Test
    void anotherTenantsAdapterDoesNotExist() {
        pool.loadAdapter(ADAPTER, "tiny", TestModels.path("adapter-all"));
        CollectingListener own = new CollectingListener();
        pool.submit(request(HOSPITAL, Optional.of(ADAPTER), new Prompt.Text("abc")), own);
        assertThat(own.await().completionTokens()).isPositive();
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> pool.submit(
                        request(BROKER, Optional.of(ADAPTER), new Prompt.Text("abc")), new CollectingListener()));
        pool.unloadAdapter(ADAPTER);
        pool.unloadAdapter(ADAPTER);
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> pool.submit(
                        request(HOSPITAL, Optional.of(ADAPTER), new Prompt.Text("abc")), new CollectingListener()));
    }

    /** The tag is a control token here, as in the Mistral family. */
    @Test
    void callsLeaveInOneFormHoweverTheModelWritesThem() {
        String template =
                "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{{ m.role }}: {{ m.content }}"
                        + "{% for c in m.tool_calls %}<|im_start|>{{ c.function.name }} with {{ c.function.arguments | tojson }};"
                        + "{% endfor %}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";
        ToolFunction clock = new ToolFunction(
                "clock",
                "",
                "{\"type\": \"object\", \"properties\": {\"h\": {\"enum\": [1, 2]}}, \"required\": [\"h\"]}",
                true);
        CompletionRequest request = new CompletionRequest(
                HOSPITAL,
                "tiny",
                Optional.empty(),
                new Prompt.Chat(List.of(new ChatMessage("user", "time?")), Optional.of(template), List.of(clock)),
                SamplingSettings.greedy(),
                OptionalInt.of(80),
                List.of(),
                OptionalInt.empty(),
                Urgency.normal(),
                new OutputConstraint.ToolCalls(List.of(clock), ToolUse.REQUIRED, false));
        CollectingListener answer = new CollectingListener();
        pool.submit(request, answer);
        answer.await();
        assertThat(answer.text().replaceAll("\\s", ""))
                .matches("<tool_call>\\{\"name\":\"clock\",\"arguments\":\\{\"h\":[12]}}</tool_call>");
    }

    @Test
    void aBrokenAdapterIsRefused() {
        assertThatExceptionOfType(InferenceException.InvalidAdapter.class)
                .isThrownBy(() -> pool.loadAdapter(ADAPTER, "tiny", models));
    }

    @Test
    void chatNeedsATemplate() {
        List<ChatMessage> messages = List.of(new ChatMessage("user", "abc"));
        assertThatExceptionOfType(InferenceException.InvalidPrompt.class)
                .isThrownBy(() -> pool.countTokens("tiny", new Prompt.Chat(messages, Optional.empty())))
                .withMessageContaining("no chat template");
        assertThat(pool.countTokens("tiny", new Prompt.Chat(messages, Optional.of(TEMPLATE))))
                .isPositive();
        assertThatExceptionOfType(InferenceException.InvalidPrompt.class)
                .isThrownBy(() -> pool.countTokens("tiny", new Prompt.Chat(messages, Optional.of("{% if %}"))));
    }

    private static CompletionRequest request(TenantId tenant, Optional<AdapterId> adapter, Prompt prompt) {
        return new CompletionRequest(
                tenant,
                "tiny",
                adapter,
                prompt,
                SamplingSettings.greedy(),
                OptionalInt.of(5),
                List.of(),
                OptionalInt.empty());
    }
}
