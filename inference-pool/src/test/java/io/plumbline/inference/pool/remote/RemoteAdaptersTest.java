package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.SamplingSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Adapters at servers elsewhere: who may ask for which, and under what name. */
class RemoteAdaptersTest extends RemoteFixture {
    private static final String DONE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String LOAD = "/v1/load_lora_adapter";
    private static final String UNLOAD = "/v1/unload_lora_adapter";
    private static final String MODELS = "/v1/models";
    private static final AdapterId NOTES = new AdapterId(HOSPITAL, "ft:qwen:hospital:notes:1");
    private static final String NOTES_THERE = "hospital:ft:qwen:hospital:notes:1";
    private static final Path FOLDER = Path.of("/srv/adapters/hospital/abc");
    private static final RemoteAdapters SHARED =
            new RemoteAdapters.SharedFolder(Path.of("/srv/adapters"), "/mnt/adapters/");

    private static CompletionRequest with(AdapterId adapter, TenantId asking) {
        return new CompletionRequest(
                asking,
                "qwen",
                Optional.of(adapter),
                chat("?"),
                SamplingSettings.greedy(),
                OptionalInt.empty(),
                List.of(),
                OptionalInt.empty());
    }

    private String servedAs(AdapterId adapter) throws Exception {
        assertThat(ask(with(adapter, adapter.tenant())).await().completionTokens())
                .isEqualTo(1);
        return server.seen().getLast().body().path("model").asText();
    }

    private void open(RemoteDialect dialect, RemoteAdapters adapters) {
        pool.close();
        pool = pool(dialect, adapters, RemoteLimits.defaults());
    }

    private void openPlumbline(Map<TenantId, ApiKey> keys) {
        pool.close();
        pool = new RemoteInferencePool(new RemoteEngineSettings(
                "other-site",
                server.address(),
                new RemoteKeys(Optional.of(new ApiKey(SECRET)), keys),
                RemoteDialect.PLUMBLINE,
                List.of(QWEN),
                new RemoteAdapters.Listed(),
                RemoteLimits.defaults()));
    }

    private void refused(AdapterId adapter, Path folder, String why) {
        assertThatExceptionOfType(InferenceException.InvalidAdapter.class)
                .isThrownBy(() -> pool.loadAdapter(adapter, "qwen", folder))
                .withMessageContaining(why);
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> ask(with(adapter, adapter.tenant())));
    }

    @Test
    void anAdapterIsServedUnderItsTenantsNameOnceTheServerListsIt() throws Exception {
        server.answers(MODELS, 200, "{\"data\":[{\"id\":\"Qwen/Qwen3-8B\"}]}");
        refused(NOTES, FOLDER, NOTES_THERE);
        server.answers(MODELS, 200, "{\"data\":[{\"id\":\"" + NOTES_THERE + "\"}]}");
        pool.loadAdapter(NOTES, "qwen", FOLDER);
        server.streams(CHAT, DONE);
        assertThat(servedAs(NOTES)).isEqualTo(NOTES_THERE);
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .as("another tenant")
                .isThrownBy(() -> ask(with(NOTES, BROKER)));
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .as("another tenant who has one of that name")
                .isThrownBy(() -> ask(with(new AdapterId(BROKER, NOTES.name()), BROKER)));
    }

    @Test
    void noTwoAdaptersHaveTheSameNameThere() {
        server.answers(MODELS, 200, "{\"data\":[{\"id\":\"a:b--c\"}]}");
        pool.loadAdapter(new AdapterId(TenantId.of("a"), "b--c"), "qwen", FOLDER);
        refused(new AdapterId(TenantId.of("a--b"), "c"), FOLDER, "a--b:c");
    }

    @Test
    void vllmLoadsAdaptersFromASharedFolder() {
        open(RemoteDialect.VLLM, SHARED);
        server.answers(LOAD, 200, "Success: LoRA adapter added successfully.");
        server.answers(UNLOAD, 200, "Success");
        pool.loadAdapter(NOTES, "qwen", FOLDER);
        var body = server.seen().getLast().body();
        assertThat(body.path("lora_name").asText()).isEqualTo(NOTES_THERE);
        assertThat(body.path("lora_path").asText()).isEqualTo("/mnt/adapters/hospital/abc");
        pool.unloadAdapter(NOTES);
        pool.unloadAdapter(NOTES);
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void whatVllmSaysAgainstAnAdapterIsTold() {
        open(RemoteDialect.VLLM, SHARED);
        server.answers(LOAD, 400, "{\"error\":{\"message\":\"Both 'lora_name' and 'lora_path' must be provided.\"}}");
        refused(NOTES, FOLDER, "must be provided");
        server.answers(LOAD, 404, "{\"error\":{\"message\":\"Loading lora y failed: No adapter found for <path>\"}}");
        refused(NOTES, FOLDER, "adapters-folder-there");
        server.answers(LOAD, 404, "{\"error\":{\"message\":\"Not Found\",\"type\":\"Not Found\",\"code\":404}}");
        refused(NOTES, FOLDER, "VLLM_ALLOW_RUNTIME_LORA_UPDATING=true");
        server.answers(LOAD, 500, "{\"error\":{\"message\":\"LoRA rank 64 is greater than max_lora_rank 16.\"}}");
        server.answers("/health", 200, "");
        server.answers(MODELS, 200, "{\"data\":[]}");
        refused(NOTES, FOLDER, "rank 64 is greater");
        refused(NOTES, Path.of("/srv/adapters/../other"), "not below");
        server.answers("/health", 503, "");
        assertThatExceptionOfType(InferenceException.EngineFailed.class)
                .as("a dead engine says nothing about the adapter")
                .isThrownBy(() -> pool.loadAdapter(NOTES, "qwen", FOLDER));
    }

    @Test
    void aNameThatOtherFilesHaveThereIsNotTaken() throws Exception {
        open(RemoteDialect.VLLM, SHARED);
        server.answers(LOAD, 400, "{\"error\":{\"message\":\"The lora adapter has already been loaded.\"}}");
        server.answers(MODELS, 200, "{\"data\":[{\"id\":\"" + NOTES_THERE + "\",\"root\":\"/mnt/adapters/other\"}]}");
        refused(NOTES, FOLDER, "other files");
        server.answers(
                MODELS, 200, "{\"data\":[{\"id\":\"" + NOTES_THERE + "\",\"root\":\"/mnt/adapters/hospital/abc\"}]}");
        pool.loadAdapter(NOTES, "qwen", FOLDER);
        server.streams(CHAT, DONE);
        assertThat(servedAs(NOTES)).isEqualTo(NOTES_THERE);
    }

    @Test
    void anAdapterThatARestartLostIsLoadedAgain() throws Exception {
        open(RemoteDialect.VLLM, SHARED);
        AtomicBoolean known = new AtomicBoolean();
        server.on(LOAD, exchange -> {
            known.set(true);
            RecordedServer.begin(exchange);
        });
        server.on(CHAT, exchange -> {
            if (known.get()) {
                RecordedServer.begin(exchange);
                exchange.getResponseBody().write(DONE.getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        });
        pool.loadAdapter(NOTES, "qwen", FOLDER);
        known.set(false);
        assertThat(servedAs(NOTES)).isEqualTo(NOTES_THERE);
        assertThat(server.seen()).extracting(RecordedServer.Seen::path).containsExactly(LOAD, CHAT, LOAD, CHAT);
        pool.unloadAdapter(NOTES);
    }

    @Test
    void retiringAnAdapterOfAServerThatIsGoneIsNoFailure() {
        open(RemoteDialect.VLLM, SHARED);
        server.answers(LOAD, 200, "Success");
        pool.loadAdapter(NOTES, "qwen", FOLDER);
        server.close();
        assertThatCode(() -> pool.unloadAdapter(NOTES)).doesNotThrowAnyException();
    }

    @Test
    void anotherPlumblineIsAskedForATenantsModelWithThatTenantsKeyAlone() throws Exception {
        openPlumbline(Map.of(HOSPITAL, new ApiKey("pl-key-of-the-hospital")));
        server.on(MODELS, exchange -> {
            boolean own = "Bearer pl-key-of-the-hospital"
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"));
            RecordedServer.begin(exchange);
            exchange.getResponseBody()
                    .write((own ? "{\"data\":[{\"id\":\"" + NOTES.name() + "\"}]}" : "{\"data\":[]}")
                            .getBytes(StandardCharsets.UTF_8));
        });
        server.streams(CHAT, DONE);
        pool.loadAdapter(NOTES, "qwen", FOLDER);
        assertThat(servedAs(NOTES)).isEqualTo(NOTES.name());
        assertThat(server.seen().getLast().authorization()).isEqualTo("Bearer pl-key-of-the-hospital");
        refused(new AdapterId(BROKER, NOTES.name()), FOLDER, "tenant-keys.broker");
        assertThat(ask(request(chat("?"))).await().completionTokens()).isEqualTo(1);
        assertThat(server.seen().getLast().authorization())
                .as("base models too")
                .isEqualTo("Bearer pl-key-of-the-hospital");
    }

    @Test
    void settingsThatCouldMixTenantsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemoteKeys(
                        Optional.empty(), Map.of(HOSPITAL, new ApiKey("same"), BROKER, new ApiKey("same"))))
                .withMessageContaining("another's too")
                .withMessageNotContaining("same ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(RemoteDialect.VLLM, new RemoteAdapters.None(), NOTES_THERE))
                .withMessageContaining("for every tenant");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(RemoteDialect.PLUMBLINE, new RemoteAdapters.None(), NOTES.name()))
                .withMessageContaining("for every tenant");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(RemoteDialect.PLUMBLINE, SHARED, "qwen"))
                .withMessageContaining("dialect vllm");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(RemoteDialect.LLAMA_CPP, new RemoteAdapters.Listed(), "qwen"))
                .withMessageContaining("adapters to none");
    }

    private static RemoteEngineSettings settings(RemoteDialect dialect, RemoteAdapters adapters, String nameThere) {
        return new RemoteEngineSettings(
                "gpu-1",
                URI.create("https://gpu.example"),
                RemoteKeys.shared(Optional.empty()),
                dialect,
                List.of(new RemoteModel("qwen", nameThere, 4096, "")),
                adapters,
                RemoteLimits.defaults());
    }
}
