package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferenceEngineTest extends EngineFixture {
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
    void theSameSeedDrawsTheSameAndAnotherDoesNot() {
        TestRequest request = request(HOSPITAL, prompt(4, 10)).maxTokens(30);
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
        TestRequest request = request(HOSPITAL, prompt(5, 40)).maxTokens(5);
        CollectingListener first = submit(request);
        assertThat(first.await().cachedTokens()).isZero();
        CollectingListener second = submit(request);
        assertThat(second.await().cachedTokens()).isEqualTo(32);
        assertThat(second.probabilities()).containsExactly(first.probabilities());
        CollectingListener foreign = submit(request(BROKER, prompt(5, 40)).maxTokens(5));
        assertThat(foreign.await().cachedTokens()).isZero();
    }

    @Test
    void aStopStringEndsTheAnswerAndIsNotShown() {
        TestRequest request = request(HOSPITAL, prompt(7, 20)).maxTokens(40);
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
    void countsWhatItDoes() {
        submit(request(HOSPITAL, prompt(1, 20)).maxTokens(10)).await();
        awaitIdle();
        EngineMetrics metrics = engine.metrics();
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(29, 0, 10));
        assertThat(metrics.cache()).isEqualTo(new EngineMetrics.Cache(0, 1024));
        assertThat(metrics.queue()).isEqualTo(new EngineMetrics.Queue(0, 0));
        assertThat(metrics.steps()).isEqualTo(10);
    }
}
