package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.scheduler.SchedulerLimits;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real engine with a tiny model of random weights on the reference backend. */
abstract class EngineFixture {
    static final TenantId HOSPITAL = TenantId.of("hospital");
    static final TenantId BROKER = TenantId.of("broker");
    static final AdapterId HOSPITAL_ADAPTER = new AdapterId(HOSPITAL, "notes-1");
    static final AdapterId BROKER_ADAPTER = new AdapterId(BROKER, "loans-1");
    /** Six sequences, 24 tokens a step, no guesses. */
    static final EngineLimits LIMITS = new EngineLimits(
            new SchedulerLimits(24, 6), 1024, 8, AdmissionLimits.waiting(4), new AdapterLimits(16, 8, 1 << 20));

    /** How far the engine's clock is ahead of the machine's. */
    final AtomicLong skippedNanos = new AtomicLong();

    FailingBackend backend;
    LoadedModel model;
    Tokenizer tokenizer;
    InferenceEngine engine;

    @BeforeEach
    void start() throws IOException {
        backend = new FailingBackend(TestModels.reference());
        GgufFile file = GgufFile.open(TestModels.path(modelFile()));
        tokenizer = GgufTokenizers.of(file.metadata());
        model = LoadedModel.of(file, backend, ActivationPrecision.INT8);
        engine = new InferenceEngine("tiny", model, tokenizer, limits(), () -> System.nanoTime() + skippedNanos.get());
    }

    @AfterEach
    void stop() {
        engine.close();
        model.close();
        assertThat(backend.memory().bytesInUse()).as("nothing is left").isZero();
        backend.close();
    }

    /** One of {@link TestModels}. */
    String modelFile() {
        return "llama-untied.F32.gguf";
    }

    /** Limits of the engine. */
    EngineLimits limits() {
        return LIMITS;
    }

    CollectingListener submit(TestRequest request) {
        CollectingListener listener = new CollectingListener();
        engine.submit(request.build(), listener);
        return listener;
    }

    /** The listener hears of the end a moment before the engine has published its counters. */
    void awaitIdle() {
        while (engine.metrics().queue().running() > 0 || engine.unfinished() > 0) {
            Thread.onSpinWait();
        }
    }

    /** A token whose text is complete by itself. */
    int wordToken() {
        return IntStream.range(10, tokenizer.size())
                .filter(token -> tokenizer.decode(new int[] {token}, false).matches("[a-z]+"))
                .findFirst()
                .orElseThrow();
    }

    void loadAdapters() {
        engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all"));
        engine.loadAdapter(BROKER_ADAPTER, TestModels.adapter("adapter-qv"));
    }

    static TestRequest request(TenantId tenant, int[] prompt) {
        return TestRequest.of(tenant, prompt);
    }

    static TestRequest randomRequest(Random random) {
        boolean hospital = random.nextBoolean();
        TestRequest request = request(
                        hospital ? HOSPITAL : BROKER, prompt(random.nextInt(1000), 1 + random.nextInt(60)))
                .maxTokens(1 + random.nextInt(40));
        if (random.nextBoolean()) {
            request = request.adapter(hospital ? HOSPITAL_ADAPTER : BROKER_ADAPTER);
        }
        return random.nextBoolean() ? request.temperature(1, random.nextLong()) : request;
    }

    /** Tokens that are no control tokens; every seed begins with another one. */
    static int[] prompt(int seed, int length) {
        Random random = new Random(seed);
        int[] tokens = random.ints(length, 10, 300).toArray();
        tokens[0] = 10 + seed % 290;
        return tokens;
    }
}
