package io.plumbline.inference.pool.remote;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A recorded server and pools before it. */
abstract class RemoteFixture {
    static final TenantId HOSPITAL = TenantId.of("hospital");
    static final TenantId BROKER = TenantId.of("broker");
    static final String SECRET = "sk-very-secret-0123456789";
    static final String CHAT = "/v1/chat/completions";
    static final String TEXT = "/v1/completions";
    static final RemoteModel QWEN = new RemoteModel("qwen", "Qwen/Qwen3-8B", 4096, "");

    RecordedServer server;
    RemoteInferencePool pool;

    @BeforeEach
    void open() throws IOException {
        server = new RecordedServer();
        pool = pool(RemoteDialect.VLLM, new RemoteAdapters.Listed(), RemoteLimits.defaults());
    }

    @AfterEach
    void close() {
        pool.close();
        server.close();
    }

    RemoteInferencePool pool(RemoteDialect dialect, RemoteAdapters adapters, RemoteLimits limits) {
        return new RemoteInferencePool(new RemoteEngineSettings(
                "gpu-1",
                server.address(),
                RemoteKeys.shared(Optional.of(new ApiKey(SECRET))),
                dialect,
                List.of(QWEN),
                adapters,
                limits));
    }

    static RemoteLimits limits(Duration begin, Duration stall, int maxRequests) {
        return new RemoteLimits(Duration.ofSeconds(5), begin, stall, Duration.ofMinutes(1), maxRequests);
    }

    static Prompt chat(String question) {
        return new Prompt.Chat(List.of(new ChatMessage("user", question)), Optional.empty());
    }

    static CompletionRequest request(Prompt prompt) {
        return request(prompt, SamplingSettings.greedy(), Urgency.normal(), OutputConstraint.free());
    }

    static CompletionRequest request(
            Prompt prompt, SamplingSettings sampling, Urgency urgency, OutputConstraint constraint) {
        return new CompletionRequest(
                HOSPITAL,
                "qwen",
                Optional.empty(),
                prompt,
                sampling,
                OptionalInt.of(20),
                List.of("END"),
                OptionalInt.empty(),
                urgency,
                constraint);
    }

    /** With two alternatives per token. */
    static CompletionRequest withLogprobs(Prompt prompt) {
        return new CompletionRequest(
                HOSPITAL,
                "qwen",
                Optional.empty(),
                prompt,
                SamplingSettings.greedy(),
                OptionalInt.of(20),
                List.of(),
                OptionalInt.of(2));
    }

    HeardAnswer ask(CompletionRequest request) {
        HeardAnswer answer = new HeardAnswer();
        var completion = pool.submit(request, answer);
        assert completion.promptTokens() >= 0;
        return answer;
    }
}
