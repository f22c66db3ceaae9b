package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.scheduler.SchedulerLimits;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InferenceEngineTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");
    /** Keeps the model, whose weights are random, from ending its answers at random. */
    private static final Map<Integer, Double> NO_END = Map.of(2, -1000.0, 4, -1000.0);

    private static final AdapterId HOSPITAL_ADAPTER = new AdapterId(HOSPITAL, "notes-1");
    private static final AdapterId BROKER_ADAPTER = new AdapterId(BROKER, "loans-1");
    private static final EngineLimits LIMITS = new EngineLimits(new SchedulerLimits(24, 6), 1024, 8, 4, 16);

    private FailingBackend backend;
    private LoadedModel model;
    private Tokenizer tokenizer;
    private InferenceEngine engine;

    @BeforeEach
    void start() throws IOException {
        backend = new FailingBackend(TestModels.reference());
        GgufFile file = GgufFile.open(TestModels.path("llama-untied.F32.gguf"));
        tokenizer = GgufTokenizers.of(file.metadata());
        model = LoadedModel.of(file, backend);
        engine = new InferenceEngine("tiny", model, tokenizer, LIMITS);
    }

    @AfterEach
    void stop() {
        engine.close();
        model.close();
        assertThat(backend.memory().bytesInUse()).as("nothing is left").isZero();
        backend.close();
    }

    @Test
    void continuesAsTransformersDoes() throws IOException {
        try (SafetensorsFile golden =
                SafetensorsFile.open(TestModels.path("llama-untied").resolve("golden.safetensors"))) {
            for (int i = 0; i < 2; i++) {
                int[] prompt = golden.require("greedy%d.prompt".formatted(i)).toInts();
                int[] expected = golden.require("greedy%d.tokens".formatted(i)).toInts();
                int[] shown = Arrays.stream(expected)
                        .takeWhile(token -> !tokenizer.isEndOfGeneration(token))
                        .toArray();
                assertThat(shown).hasSizeGreaterThan(10);
                CollectingListener listener =
                        submit(request(HOSPITAL, prompt).maxTokens(24).bias(Map.of()));
                FinishedCompletion finished = listener.await();
                assertThat(listener.tokens()).containsExactly(shown);
                assertThat(finished.reason())
                        .isEqualTo(shown.length == expected.length ? FinishReason.LENGTH : FinishReason.STOP);
            }
        }
    }

    @Test
    void theStreamedPiecesAreTheWholeText() {
        CollectingListener listener = submit(request(HOSPITAL, prompt(1, 20)).maxTokens(40));
        listener.await();
        assertThat(listener.text()).isEqualTo(tokenizer.decode(listener.tokens(), false));
        assertThat(listener.deltas()).hasSizeGreaterThan(5);
    }

    @Test
    void anAnswerIsBitIdenticalWhateverElseIsInTheBatch() {
        engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all"));
        engine.loadAdapter(BROKER_ADAPTER, TestModels.adapter("adapter-qv"));
        Random random = new Random(42);
        List<Request> watched = List.of(
                request(HOSPITAL, prompt(1, 33)).maxTokens(30).temperature(0.8, 7),
                request(HOSPITAL, prompt(2, 5))
                        .maxTokens(30)
                        .adapter(HOSPITAL_ADAPTER)
                        .temperature(1.1, 8),
                request(BROKER, prompt(3, 50)).maxTokens(30).adapter(BROKER_ADAPTER));
        List<double[]> alone = new ArrayList<>();
        List<int[]> tokensAlone = new ArrayList<>();
        for (Request request : watched) {
            CollectingListener listener = submit(request);
            listener.await();
            alone.add(listener.probabilities());
            tokensAlone.add(listener.tokens());
        }
        for (int round = 0; round < 3; round++) {
            List<CollectingListener> others = new ArrayList<>();
            List<CollectingListener> listeners = new ArrayList<>();
            for (Request request : watched) {
                others.add(submit(randomRequest(random)));
                listeners.add(submit(request));
                others.add(submit(randomRequest(random)));
            }
            others.forEach(CollectingListener::await);
            for (int i = 0; i < watched.size(); i++) {
                listeners.get(i).await();
                assertThat(listeners.get(i).tokens()).containsExactly(tokensAlone.get(i));
                assertThat(listeners.get(i).probabilities()).containsExactly(alone.get(i));
            }
        }
        assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
    }

    @Test
    void theSameSeedDrawsTheSameAndAnotherDoesNot() {
        Request request = request(HOSPITAL, prompt(4, 10)).maxTokens(30);
        CollectingListener first = submit(request.temperature(1.5, 1));
        CollectingListener second = submit(request.temperature(1.5, 1));
        CollectingListener other = submit(request.temperature(1.5, 2));
        first.await();
        second.await();
        other.await();
        assertThat(second.tokens()).containsExactly(first.tokens());
        assertThat(other.tokens()).isNotEqualTo(first.tokens());
    }

    @Test
    void aRepeatedPromptComesFromTheCacheOfTheSameTenantOnly() {
        Request request = request(HOSPITAL, prompt(5, 40)).maxTokens(5);
        CollectingListener first = submit(request);
        assertThat(first.await().cachedTokens()).isZero();
        CollectingListener second = submit(request);
        assertThat(second.await().cachedTokens()).isEqualTo(32);
        assertThat(second.probabilities()).containsExactly(first.probabilities());
        CollectingListener foreign = submit(request(BROKER, prompt(5, 40)).maxTokens(5));
        assertThat(foreign.await().cachedTokens()).isZero();
    }

    @Test
    void cancellingEndsTheAnswerAndGivesItsMemoryBack() {
        CollectingListener listener = new CollectingListener();
        Completion completion = engine.submit(
                request(HOSPITAL, prompt(6, 20)).stop("\u0000never").build(), listener);
        assertThat(completion.promptTokens()).isEqualTo(20);
        listener.awaitText();
        completion.cancel();
        completion.cancel();
        FinishedCompletion finished = listener.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(finished.completionTokens()).isBetween(1, 1000);
        completion.cancel();
        awaitIdle();
        assertThat(engine.metrics().cache().inUse()).isZero();
    }

    @Test
    void aRequestCancelledWhileItWaitsEndsToo() {
        List<CollectingListener> busy = new ArrayList<>();
        for (int i = 0; i < LIMITS.scheduling().maxSequences(); i++) {
            busy.add(submit(request(BROKER, prompt(i, 10)).maxTokens(60)));
        }
        CollectingListener waiting = new CollectingListener();
        engine.submit(request(HOSPITAL, prompt(9, 10)).maxTokens(5).build(), waiting)
                .cancel();
        FinishedCompletion finished = waiting.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.CANCELLED);
        busy.forEach(listener -> assertThat(listener.await().reason()).isEqualTo(FinishReason.LENGTH));
    }

    @Test
    void refusesWhatItCannotHoldAndTakesItLater() {
        List<CollectingListener> taken = new ArrayList<>();
        CollectingListener refused = new CollectingListener();
        assertThatExceptionOfType(InferenceException.Overloaded.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        CollectingListener listener = new CollectingListener();
                        engine.submit(
                                request(HOSPITAL, prompt(i, 30)).maxTokens(50).build(), listener);
                        taken.add(listener);
                    }
                })
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isBetween(1, 60));
        assertThat(taken).hasSizeGreaterThanOrEqualTo(8);
        // One tenant's flood leaves room for another.
        CollectingListener other = submit(request(BROKER, prompt(1, 3)).maxTokens(2));
        taken.forEach(CollectingListener::await);
        other.await();
        assertThat(submit(request(HOSPITAL, prompt(1, 3)).maxTokens(2)).await().completionTokens())
                .isEqualTo(2);
        assertThat(refused.deltas()).isEmpty();
    }

    @Test
    void aStopStringEndsTheAnswerAndIsNotShown() {
        Request request = request(HOSPITAL, prompt(7, 20)).maxTokens(40);
        CollectingListener whole = submit(request);
        whole.await();
        String text = whole.text();
        String stop = text.substring(text.length() / 2, text.length() / 2 + 3);

        CollectingListener stopped = submit(request.stop(stop));
        FinishedCompletion finished = stopped.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.STOP);
        assertThat(stopped.text()).isEqualTo(text.substring(0, text.indexOf(stop)));
        assertThat(finished.completionTokens()).isLessThan(40);
    }

    @Test
    void theModelsOwnEndEndsTheAnswer() {
        int end = tokenizer.eos().orElseThrow();
        CollectingListener listener =
                submit(request(HOSPITAL, prompt(8, 10)).maxTokens(40).bias(Map.of(end, 1000.0)));
        FinishedCompletion finished = listener.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.STOP);
        assertThat(finished.completionTokens()).isEqualTo(1);
        assertThat(listener.text()).isEmpty();
    }

    @Test
    void generatesUpToTheEndOfTheContext() {
        int context = engine.contextLength();
        assertThat(context).isEqualTo(512);
        CollectingListener listener = submit(request(HOSPITAL, prompt(1, context - 3)));
        FinishedCompletion finished = listener.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(finished.completionTokens()).isEqualTo(3);
        assertThatExceptionOfType(InferenceException.PromptTooLong.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, context))))
                .withMessageContaining("512");
    }

    @Test
    void moreSequencesThanMemoryHoldsAllFinish() {
        List<CollectingListener> listeners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            listeners.add(submit(
                    request(i % 2 == 0 ? HOSPITAL : BROKER, prompt(20 + i, 160)).maxTokens(30)));
        }
        CollectingListener again = new CollectingListener();
        listeners.forEach(
                listener -> assertThat(listener.await().completionTokens()).isEqualTo(30));
        engine.submit(request(BROKER, prompt(25, 160)).maxTokens(30).build(), again);
        again.await();
        assertThat(again.tokens()).containsExactly(listeners.get(5).tokens());
    }

    @Test
    void anAdapterComesAndGoesWhileOthersGenerate() {
        CollectingListener running = submit(request(BROKER, prompt(1, 10)).maxTokens(60));
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, 5)).adapter(HOSPITAL_ADAPTER)));
        engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all"));
        engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-qv"));
        long loaded = backend.memory().bytesInUse();
        CollectingListener adapted =
                submit(request(HOSPITAL, prompt(1, 10)).maxTokens(40).adapter(HOSPITAL_ADAPTER));
        engine.unloadAdapter(HOSPITAL_ADAPTER);
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, 5)).adapter(HOSPITAL_ADAPTER)));
        assertThat(adapted.await().completionTokens())
                .as("the running request keeps it")
                .isEqualTo(40);
        assertThat(running.await().completionTokens()).isEqualTo(60);
        awaitIdle();
        submit(request(BROKER, prompt(2, 5)).maxTokens(1)).await();
        assertThat(backend.memory().bytesInUse()).isLessThan(loaded);
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedWithEveryReason() throws IOException {
        try (LoadedModel gemma = TestModels.open("gemma3-p6.Q8_0.gguf", backend);
                InferenceEngine other = new InferenceEngine("gemma", gemma, tokenizer, LIMITS)) {
            assertThatExceptionOfType(InferenceException.InvalidAdapter.class)
                    .isThrownBy(() -> other.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all")))
                    .withMessageContaining("does not fit gemma")
                    .withMessageContaining("layer 0 gate_proj")
                    .withMessageContaining("layer 2 down_proj");
        }
    }

    @Test
    void aFailedStepFailsItsRequestsAndTheEngineGoesOn() {
        CollectingListener first =
                submit(request(HOSPITAL, prompt(1, 10)).maxTokens(200).stop("\u0000never"));
        first.awaitText();
        backend.failNextStep();
        assertThatExceptionOfType(InferenceException.EngineFailed.class).isThrownBy(first::await);
        CollectingListener second = submit(request(HOSPITAL, prompt(1, 10)).maxTokens(5));
        assertThat(second.await().completionTokens()).isEqualTo(5);
        awaitIdle();
        assertThat(engine.metrics().failures()).isEqualTo(1);
        assertThat(engine.metrics().cache().inUse()).isZero();
    }

    @Test
    void aListenerThatThrowsOrBlocksHarmsNobodyElse() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CompletableFuture<FinishedCompletion> broken = new CompletableFuture<>();
        engine.submit(request(BROKER, prompt(1, 5)).build(), new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                throw new IllegalStateException("this listener is broken");
            }

            @Override
            public void onFinish(FinishedCompletion finished) {
                broken.complete(finished);
            }

            @Override
            public void onFailure(InferenceException failure) {
                broken.completeExceptionally(failure);
            }
        });
        engine.submit(request(BROKER, prompt(2, 5)).maxTokens(5).build(), new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                try {
                    blocked.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void onFinish(FinishedCompletion finished) {}

            @Override
            public void onFailure(InferenceException failure) {}
        });
        CollectingListener healthy = submit(request(HOSPITAL, prompt(3, 5)).maxTokens(20));
        assertThat(healthy.await().completionTokens()).isEqualTo(20);
        assertThat(broken.orTimeout(60, TimeUnit.SECONDS).join().reason()).isEqualTo(FinishReason.CANCELLED);
        blocked.countDown();
    }

    @Test
    void closingEndsWhatIsRunning() {
        CollectingListener listener = submit(request(HOSPITAL, prompt(1, 10)));
        engine.close();
        assertThat(listener.await().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThatExceptionOfType(InferenceException.EngineFailed.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, 10))))
                .withMessageContaining("shutting down");
    }

    @Test
    void countsWhatItDoes() {
        submit(request(HOSPITAL, prompt(1, 20)).maxTokens(10)).await();
        awaitIdle();
        EngineMetrics metrics = engine.metrics();
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(29, 0, 10));
        assertThat(metrics.cache()).isEqualTo(new EngineMetrics.Cache(0, 1024));
        assertThat(metrics.queue()).isEqualTo(new EngineMetrics.Queue(0, 0));
        assertThat(metrics.steps()).isEqualTo(10);
    }

    private Request randomRequest(Random random) {
        boolean hospital = random.nextBoolean();
        Request request = request(hospital ? HOSPITAL : BROKER, prompt(random.nextInt(1000), 1 + random.nextInt(60)))
                .maxTokens(1 + random.nextInt(40));
        if (random.nextBoolean()) {
            request = request.adapter(hospital ? HOSPITAL_ADAPTER : BROKER_ADAPTER);
        }
        return random.nextBoolean() ? request.temperature(1, random.nextLong()) : request;
    }

    private CollectingListener submit(Request request) {
        CollectingListener listener = new CollectingListener();
        engine.submit(request.build(), listener);
        return listener;
    }

    /** The listener hears of the end a moment before the engine has published its counters. */
    private void awaitIdle() {
        while (engine.metrics().queue().running() > 0 || engine.unfinished() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Tokens that are no control tokens; every seed begins with another one. */
    private static int[] prompt(int seed, int length) {
        Random random = new Random(seed);
        int[] tokens = random.ints(length, 10, 300).toArray();
        tokens[0] = 10 + seed % 290;
        return tokens;
    }

    private static Request request(TenantId tenant, int[] prompt) {
        return new Request(new EngineRequest(
                tenant,
                Optional.empty(),
                prompt,
                new SamplingSettings(0, 0, 1, 0, 1, 0, 0, NO_END, OptionalLong.empty()),
                OptionalInt.empty(),
                List.of(),
                OptionalInt.of(0)));
    }

    /** Variations of a request. */
    private record Request(EngineRequest build) {
        Request maxTokens(int tokens) {
            return with(build.sampling(), OptionalInt.of(tokens), build.stop(), build.adapter());
        }

        Request stop(String stop) {
            return with(build.sampling(), build.maxTokens(), List.of(stop), build.adapter());
        }

        Request adapter(AdapterId id) {
            return with(build.sampling(), build.maxTokens(), build.stop(), Optional.of(id));
        }

        Request temperature(double temperature, long seed) {
            return with(
                    new SamplingSettings(temperature, 0, 0.95, 0, 1.1, 0, 0.2, NO_END, OptionalLong.of(seed)),
                    build.maxTokens(),
                    build.stop(),
                    build.adapter());
        }

        Request bias(Map<Integer, Double> bias) {
            return with(
                    new SamplingSettings(0, 0, 1, 0, 1, 0, 0, bias, OptionalLong.empty()),
                    build.maxTokens(),
                    build.stop(),
                    build.adapter());
        }

        private Request with(
                SamplingSettings sampling, OptionalInt maxTokens, List<String> stop, Optional<AdapterId> adapter) {
            return new Request(new EngineRequest(
                    build.tenant(), adapter, build.prompt(), sampling, maxTokens, stop, build.topLogprobs()));
        }
    }
}
