package io.plumbline.platform.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.moderations.Moderation;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.moderations.ModerationCreateResponse;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.ScriptedPool;
import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The official Java SDK, unmodified, against every OpenAI-compatible route. */
@PlatformTest
class OpenAiJavaTest {
    private static final String REAL = "smollm2-135m-instruct";
    private static final String EMBEDDING = "bge-small-zh-v1.5";

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:%d/v1".formatted(RestAssured.port))
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static OpenAIClient everything() {
        return client(Callers.key("hospital", "models:read", "inference", "files:read", "files:write"));
    }

    private static ChatCompletionCreateParams.Builder chat(String model, String content) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage(content);
    }

    @Test
    void models() {
        OpenAIClient client = everything();

        assertThat(client.models().list().data()).extracting("id").isNotEmpty();
        assertThat(client.models().retrieve(REAL).id()).isEqualTo(REAL);
        assertThatThrownBy(() -> client.models().retrieve("nothing")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void chat() {
        ChatCompletion answer = everything()
                .chat()
                .completions()
                .create(chat(REAL, "What is the largest ocean on Earth?")
                        .temperature(0.0)
                        .maxCompletionTokens(12)
                        .logprobs(true)
                        .topLogprobs(2)
                        .seed(7)
                        .build());

        ChatCompletion.Choice choice = answer.validate().choices().getFirst();
        assertThat(choice.message().content().orElseThrow()).contains("Pacific");
        assertThat(choice.logprobs()
                        .orElseThrow()
                        .content()
                        .orElseThrow()
                        .getFirst()
                        .topLogprobs())
                .hasSize(2);
        assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
    }

    /** The SDK makes the schema from the class, and the object from the answer. */
    @Test
    void answersOfAClass() {
        var answer = everything()
                .chat()
                .completions()
                .create(chat(REAL, "Ada is 36, a senior. Describe her.")
                        .temperature(1.5)
                        .seed(3)
                        .maxCompletionTokens(100)
                        .responseFormat(Person.class)
                        .build());

        Person person = answer.choices().getFirst().message().content().orElseThrow();
        assertThat(person.level).isIn(Level.JUNIOR, Level.SENIOR);
    }

    /** Under a rule that labels every answer, the object is still read from the content, and the label from the choice. */
    @Test
    void answersOfAClassAreLabelledBesideTheirContent() {
        policy("LBL-001");
        try {
            OpenAIClient client = client(Callers.key("factory", "inference"));
            var answer = client.chat()
                    .completions()
                    .create(chat(REAL, "Ada is 36, a senior. Describe her.")
                            .temperature(1.5)
                            .seed(3)
                            .maxCompletionTokens(100)
                            .responseFormat(Person.class)
                            .build());
            var choice = answer.choices().getFirst();
            assertThat(choice.message().content().orElseThrow().level).isIn(Level.JUNIOR, Level.SENIOR);
            assertThat(choice.rawChoice()
                            ._additionalProperties()
                            .get("plumbline")
                            .toString())
                    .contains("LBL-001@1", "AI-generated");

            StringBuilder text = new StringBuilder();
            StringBuilder beside = new StringBuilder();
            try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                    .completions()
                    .createStreaming(chat(REAL, "Is water wet?")
                            .putAdditionalBodyProperty(
                                    "structured_outputs", JsonValue.from(Map.of("choice", List.of("yes", "no"))))
                            .build())) {
                stream.stream().flatMap(chunk -> chunk.choices().stream()).forEach(part -> {
                    part.delta().content().ifPresent(text::append);
                    beside.append(part._additionalProperties().getOrDefault("plumbline", JsonValue.from("")));
                });
            }
            assertThat(text.toString()).isIn("yes", "no");
            assertThat(beside.toString()).contains("LBL-001@1", "AI-generated");
        } finally {
            policy();
        }
    }

    private static void policy(String... packs) {
        Callers.as("admin@factory.example")
                .contentType("application/json")
                .body(Map.of("packs", List.of(packs), "audience", "public"))
                .put("/api/v1/screening-policy")
                .then()
                .statusCode(200);
    }

    /** What {@link #answersOfAClass} asks for. */
    public static final class Person {
        public Level level = Level.JUNIOR;
        public boolean mathematician;
    }

    /** How experienced somebody is. */
    public enum Level {
        JUNIOR,
        SENIOR
    }

    @Test
    void streamedChat() {
        StringBuilder text = new StringBuilder();
        long[] total = {0};
        try (StreamResponse<ChatCompletionChunk> stream = everything()
                .chat()
                .completions()
                .createStreaming(chat(ScriptedPool.MODEL, "say:Hello, world")
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().forEach(chunk -> {
                chunk.choices().forEach(c -> c.delta().content().ifPresent(text::append));
                chunk.usage().ifPresent(usage -> total[0] = usage.totalTokens());
            });
        }
        assertThat(text.toString()).isEqualTo("Hello, world");
        assertThat(total[0]).isPositive();
    }

    @Test
    void storedChat() {
        OpenAIClient client = everything();
        ChatCompletion kept = client.chat()
                .completions()
                .create(chat(ScriptedPool.MODEL, "say:Kept").store(true).build());

        assertThat(client.chat()
                        .completions()
                        .retrieve(kept.id())
                        .choices()
                        .getFirst()
                        .message()
                        .content())
                .contains("Kept");
        assertThat(client.chat().completions().delete(kept.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.chat().completions().retrieve(kept.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void files() throws IOException {
        OpenAIClient client = everything();
        String row =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Open?\"}, {\"role\": \"assistant\", \"content\": \"Yes.\"}]}\n";
        FileObject file = client.files().create(upload(row));

        assertThat(client.files().retrieve(file.id()).validate().filename()).isEqualTo("rows.jsonl");
        assertThat(client.files()
                        .list(FileListParams.builder().limit(1).build())
                        .data())
                .extracting(FileObject::id)
                .containsExactly(file.id());
        try (HttpResponse content = client.files().content(file.id());
                InputStream body = content.body()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(row);
        }
        assertThat(client.files().delete(file.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.files().create(upload("not json\n")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void embeddings() {
        OpenAIClient client = everything();
        CreateEmbeddingResponse asked = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(EMBEDDING)
                        .inputOfArrayOfStrings(List.of("轴承", "基金"))
                        .build())
                .validate();
        CreateEmbeddingResponse plain = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(EMBEDDING)
                        .input("轴承")
                        .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());

        assertThat(asked.data()).hasSize(2);
        assertThat(asked.data().getLast().index()).isEqualTo(1);
        assertThat(asked.data().getFirst().embedding())
                .hasSize(512)
                .isEqualTo(plain.data().getFirst().embedding());
        assertThat(asked.usage().totalTokens()).isEqualTo(8);
        assertThatThrownBy(() -> client.embeddings()
                        .create(EmbeddingCreateParams.builder()
                                .model(EMBEDDING)
                                .inputOfArrayOfTokens(List.of(1L, 2L))
                                .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("send strings");
    }

    @Test
    void moderations() {
        ModerationCreateResponse answer = everything()
                .moderations()
                .create(ModerationCreateParams.builder()
                        .inputOfStrings(List.of("Good morning", "The key is " + "AKIA" + "Z7QK3M5TRW2XNB4D, keep it."))
                        .build())
                .validate();

        Moderation clean = answer.results().getFirst();
        Moderation leak = answer.results().getLast();
        assertThat(clean.flagged()).isFalse();
        assertThat(leak.flagged()).isTrue();
        assertThat(leak.categories().violence()).isFalse();
        assertThat(leak.categories()._additionalProperties().get("plumbline/security"))
                .isEqualTo(JsonValue.from(true));
        assertThat(leak.categoryScores().sexualMinors()).isZero();
        assertThat(leak._additionalProperties()).containsKey("plumbline");
    }

    private static FileCreateParams upload(String content) {
        return FileCreateParams.builder()
                .purpose(FilePurpose.FINE_TUNE)
                .file(MultipartField.<InputStream>builder()
                        .value(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)))
                        .filename("rows.jsonl")
                        .build())
                .build();
    }

    @Test
    void errorsArriveAsTheirClasses() {
        assertThatThrownBy(() -> client("pl-wrong").models().list()).isInstanceOf(UnauthorizedException.class);
        OpenAIClient reader = client(Callers.key("hospital", "models:read"));
        assertThatThrownBy(
                        () -> reader.chat().completions().create(chat(REAL, "x").build()))
                .isInstanceOf(PermissionDeniedException.class)
                .hasMessageContaining("'inference'");
        for (String unsupported : List.of("high")) {
            assertThatThrownBy(() -> everything()
                            .chat()
                            .completions()
                            .create(chat(REAL, "x")
                                    .putAdditionalBodyProperty("reasoning_effort", JsonValue.from(unsupported))
                                    .build()))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("reasoning_effort");
        }
        assertThatThrownBy(() -> everything()
                        .chat()
                        .completions()
                        .create(chat(ScriptedPool.MODEL, "overloaded").build()))
                .isInstanceOf(RateLimitException.class);
    }
}
