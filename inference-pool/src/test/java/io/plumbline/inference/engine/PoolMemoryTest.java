package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and adapters that share too little memory. */
class PoolMemoryTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final AdapterId FIRST = new AdapterId(HOSPITAL, "notes-1");
    private static final AdapterId SECOND = new AdapterId(HOSPITAL, "notes-2");
    private static final String MODEL = "llama-untied.F32.gguf";
    private static final Prompt TEXT = new Prompt.Text("abc");
    private static final EngineLimits LIMITS = EngineLimits.defaults().withCacheTokens(256);

    @TempDir
    Path models;

    private LocalInferencePool pool;

    @BeforeEach
    void copyModels() throws IOException {
        for (String name : List.of("one", "two", "three")) {
            Files.copy(TestModels.path(MODEL), models.resolve(name + ".gguf"));
        }
        open(OptionalLong.empty(), LIMITS);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void theLongestUnusedModelLeavesAndComesBack() {
        open(OptionalLong.of(2 * footprint()), LIMITS);
        List<String> before = List.of(answer("one", Optional.empty()), answer("two", Optional.empty()));
        pool.countTokens("one", TEXT);
        assertThat(pool.metrics()).containsOnlyKeys("one", "two");
        answer("three", Optional.empty());
        assertThat(pool.metrics()).containsOnlyKeys("one", "three");
        assertThat(List.of(answer("one", Optional.empty()), answer("two", Optional.empty())))
                .isEqualTo(before);
        assertThat(pool.metrics()).containsOnlyKeys("one", "two");
    }

    @Test
    void aModelInUseStaysAndTheOtherIsToldToComeLater() {
        open(OptionalLong.of(footprint() * 3 / 2), LIMITS);
        CountDownLatch reading = new CountDownLatch(1);
        CollectingListener running = new CollectingListener();
        pool.submit(request("one", Optional.empty(), 20), slowly(running, reading));
        assertThatExceptionOfType(InferenceException.NoRoomForModel.class)
                .isThrownBy(() -> pool.countTokens("two", TEXT))
                .withMessageContaining("'two' takes")
                .withMessageContaining("one ")
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isPresent());
        reading.countDown();
        running.await();
        pool.countTokens("two", TEXT);
        assertThat(pool.metrics()).containsOnlyKeys("two");
    }

    @Test
    void whatCanNeverFitIsRefusedWithNumbers() {
        open(OptionalLong.of(1000), LIMITS);
        assertThatExceptionOfType(InferenceException.NoRoomForModel.class)
                .isThrownBy(() -> pool.countTokens("one", TEXT))
                .withMessageContaining("MiB (weights")
                .withMessageContaining("Raise the budget")
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isEmpty());
    }

    @Test
    void theFootprintIsNoGuess() throws IOException {
        ModelFootprint footprint =
                new ModelDirectory(models, LIMITS).find("one").orElseThrow().footprint();
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open(MODEL, backend)) {
            long weights = backend.memory().bytesInUse();
            try (InferenceEngine engine = new InferenceEngine("one", model, tokenizer(), LIMITS)) {
                assertThat(engine.contextLength()).isEqualTo(256);
                assertThat(backend.memory().bytesInUse() - weights)
                        .isEqualTo(footprint.cache() + footprint.activations());
            }
        }
        assertThat(footprint.weights()).isEqualTo(Files.size(TestModels.path(MODEL)));
        assertThat(footprint.total()).isEqualTo(footprint.weights() + footprint.cache() + footprint.activations());
        ModelFootprint longer = new ModelDirectory(models, LIMITS.withCacheTokens(512))
                .find("one")
                .orElseThrow()
                .footprint();
        assertThat(longer.cache()).isEqualTo(2 * footprint.cache());
    }

    @Test
    void anAdapterComesBackWithItsModel() {
        open(OptionalLong.of(footprint()), LIMITS);
        pool.loadAdapter(FIRST, "one", TestModels.path("adapter-all"));
        String adapted = answer("one", Optional.of(FIRST));
        answer("two", Optional.empty());
        assertThat(pool.metrics()).containsOnlyKeys("two");
        assertThat(answer("one", Optional.of(FIRST))).isEqualTo(adapted);
        assertThat(adapted).isNotEqualTo(answer("one", Optional.empty()));
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> answer("two", Optional.of(FIRST)));
    }

    @Test
    void adaptersTakeTurnsWhereThereIsRoomForOne() {
        open(OptionalLong.empty(), LIMITS.withAdapters(new AdapterLimits(256, 1, 1 << 30)));
        pool.loadAdapter(FIRST, "one", TestModels.path("adapter-all"));
        String first = answer("one", Optional.of(FIRST));
        pool.loadAdapter(SECOND, "one", TestModels.path("adapter-qv"));
        String second = answer("one", Optional.of(SECOND));
        for (int i = 0; i < 3; i++) {
            assertThat(answer("one", Optional.of(FIRST))).isEqualTo(first);
            assertThat(answer("one", Optional.of(SECOND))).isEqualTo(second);
        }
        pool.unloadAdapter(FIRST);
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> answer("one", Optional.of(FIRST)));
    }

    @Test
    void anAdapterWhoseFilesHaveChangedDoesNotComeBack() throws IOException {
        open(OptionalLong.empty(), LIMITS.withAdapters(new AdapterLimits(256, 1, 1 << 30)));
        Path folder = Files.createDirectory(models.resolve("adapter"));
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(TestModels.path("adapter-all").resolve(file), folder.resolve(file));
        }
        pool.loadAdapter(FIRST, "one", folder);
        pool.loadAdapter(SECOND, "one", TestModels.path("adapter-qv"));
        Files.copy(
                TestModels.path("adapter-qv").resolve("adapter_model.safetensors"),
                folder.resolve("adapter_model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatExceptionOfType(InferenceException.InvalidAdapter.class)
                .isThrownBy(() -> answer("one", Optional.of(FIRST)))
                .withMessageContaining("have changed");
    }

    @Test
    void drainingEndsWithWhatWasTaken() {
        CollectingListener taken = new CollectingListener();
        pool.submit(request("one", Optional.empty(), 20), taken);
        assertThat(pool.drain(Duration.ofMinutes(5))).isTrue();
        assertThat(taken.await().completionTokens()).isPositive();
        for (String model : List.of("one", "two")) {
            assertThatExceptionOfType(InferenceException.ShuttingDown.class)
                    .isThrownBy(() -> answer(model, Optional.empty()));
        }
    }

    private void open(OptionalLong memory, EngineLimits limits) {
        if (pool != null) {
            pool.close();
        }
        pool = new LocalInferencePool(
                new LocalPoolSettings(models, "reference", new BackendOptions(1), limits, memory));
    }

    private static Tokenizer tokenizer() throws IOException {
        try (GgufFile file = GgufFile.open(TestModels.path(MODEL))) {
            return GgufTokenizers.of(file.metadata());
        }
    }

    private long footprint() {
        return new ModelDirectory(models, LIMITS)
                .find("one")
                .orElseThrow()
                .footprint()
                .total();
    }

    /** A reader who takes nothing before he is told to. */
    private static CompletionListener slowly(CollectingListener inner, CountDownLatch start) {
        return new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                inner.onText(delta);
            }

            @Override
            public void onFinish(FinishedCompletion finished) {
                inner.onFinish(finished);
            }

            @Override
            public void onFailure(InferenceException failure) {
                inner.onFailure(failure);
            }
        };
    }

    private String answer(String model, Optional<AdapterId> adapter) {
        CollectingListener listener = new CollectingListener();
        pool.submit(request(model, adapter, 12), listener);
        listener.await();
        // The listener hears of the end a moment before the engine knows that it did.
        while (pool.unfinished() > 0) {
            Thread.onSpinWait();
        }
        return listener.tokens().length + ":" + Arrays.toString(listener.probabilities());
    }

    private static CompletionRequest request(String model, Optional<AdapterId> adapter, int maxTokens) {
        return new CompletionRequest(
                HOSPITAL,
                model,
                adapter,
                TEXT,
                new SamplingSettings(0, 0, 1, 0, 1, 0, 0, Map.of(2, -1000.0, 4, -1000.0), OptionalLong.empty()),
                OptionalInt.of(maxTokens),
                List.of(),
                OptionalInt.of(0));
    }
}
