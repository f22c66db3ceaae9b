package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.engine.LocalPoolSettings;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
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

/** A real engine of this machine and a server elsewhere behind one door. */
class PlacedInferencePoolTest extends RemoteFixture {
    @TempDir
    Path models;

    private PlacedInferencePool placed;

    @BeforeEach
    void place() throws IOException {
        Files.copy(TestModels.path("llama-untied.F32.gguf"), models.resolve("tiny.gguf"));
        Files.copy(TestModels.path("llama-untied.F32.gguf"), models.resolve("qwen.gguf"));
        placed = new PlacedInferencePool(
                new LocalInferencePool(new LocalPoolSettings(
                        models,
                        "reference",
                        new BackendOptions(1),
                        EngineLimits.defaults().withCacheTokens(256),
                        OptionalLong.empty())),
                List.of(pool));
    }

    @AfterEach
    void closeBoth() {
        placed.close();
    }

    @Test
    void eachModelIsServedWhereTheSettingsPlaceIt() throws Exception {
        server.streams(
                TEXT, "data: {\"choices\":[{\"index\":0,\"text\":\"from afar\",\"finish_reason\":\"stop\"}]}\n\n");
        assertThat(placed.baseModels()).extracting(BaseModel::id).containsExactly("qwen", "tiny");
        assertThat(placed.baseModels().getFirst().contextLength()).isEqualTo(4096);
        assertThat(answer("qwen").text()).isEqualTo("from afar");
        assertThat(answer("tiny").text()).isNotEqualTo("from afar");
        assertThat(server.seen()).hasSize(1);
        assertThatExceptionOfType(InferenceException.UnknownModel.class).isThrownBy(() -> answer("other"));
    }

    @Test
    void oneModelOnTwoEnginesIsRefused() {
        RemoteInferencePool twin = pool(RemoteDialect.OPENAI, new RemoteAdapters.None(), RemoteLimits.defaults());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlacedInferencePool(placed, List.of(pool, twin)))
                .withMessageContaining("qwen");
        twin.close();
    }

    private HeardAnswer answer(String model) throws Exception {
        HeardAnswer answer = new HeardAnswer();
        var completion = placed.submit(
                new CompletionRequest(
                        HOSPITAL,
                        model,
                        Optional.empty(),
                        new Prompt.Text("abc"),
                        SamplingSettings.greedy(),
                        OptionalInt.of(3),
                        List.of(),
                        OptionalInt.empty()),
                answer);
        assertThat(completion.promptTokens()).isNotNegative();
        assertThat(answer.await().completionTokens()).isPositive();
        return answer;
    }
}
