package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that keeps keys and values in 8 bits. */
class EngineKeyValuePrecisionTest extends EngineFixture {
    private static final String HEADS_OF_32 = "gemma3-p6.Q8_0.gguf";
    private static final String HEADS_OF_16 = "llama-untied.F32.gguf";

    @Override
    String modelFile() {
        return HEADS_OF_32;
    }

    @Override
    EngineLimits limits() {
        return LIMITS.withKeyValuePrecision(KeyValuePrecision.INT8);
    }

    /** A prompt within this model's smaller vocabulary. */
    private static int[] tokens(int seed, int length) {
        return Arrays.stream(prompt(seed, length))
                .map(token -> Math.min(token, 287))
                .toArray();
    }

    @Test
    void anAnswerIsTheSameAloneAndInCompany() {
        List<TestRequest> watched = List.of(
                request(HOSPITAL, tokens(1, 33)).maxTokens(30).temperature(0.8, 7),
                request(BROKER, tokens(2, 50)).maxTokens(30));
        List<CollectingListener> alone = new ArrayList<>();
        for (TestRequest request : watched) {
            alone.add(submit(request));
            alone.getLast().await();
        }
        Random random = new Random(3);
        for (int round = 0; round < 3; round++) {
            List<CollectingListener> together = new ArrayList<>();
            for (TestRequest request : watched) {
                submit(request(BROKER, tokens(10 + random.nextInt(90), 40)).maxTokens(20));
                together.add(submit(request));
            }
            for (int i = 0; i < watched.size(); i++) {
                together.get(i).await();
                assertThat(together.get(i).tokens())
                        .containsExactly(alone.get(i).tokens());
                assertThat(together.get(i).probabilities())
                        .containsExactly(alone.get(i).probabilities());
            }
            awaitIdle();
        }
    }

    @Test
    void aRepeatedPromptComesFromTheCacheAndGivesTheSameAnswer() {
        TestRequest request = request(HOSPITAL, tokens(5, 40)).maxTokens(5);
        CollectingListener first = submit(request);
        assertThat(first.await().cachedTokens()).isZero();
        CollectingListener second = submit(request);
        assertThat(second.await().cachedTokens()).isEqualTo(32);
        assertThat(second.probabilities()).containsExactly(first.probabilities());
    }

    @Test
    void theProbabilitiesAreCloseToThoseOfAFloatCache() {
        TestRequest request = request(HOSPITAL, tokens(6, 60)).maxTokens(1);
        CollectingListener rounded = submit(request);
        rounded.await();
        CollectingListener exact = new CollectingListener();
        try (InferenceEngine floats = new InferenceEngine("floats", model, tokenizer, LIMITS)) {
            floats.submit(request.build(), exact);
            exact.await();
        }
        assertThat(rounded.tokens()).containsExactly(exact.tokens());
        assertThat(rounded.probabilities()).isNotEqualTo(exact.probabilities());
        assertThat(rounded.probabilities()[0])
                .isCloseTo(exact.probabilities()[0], org.assertj.core.api.Assertions.within(0.05));
    }

    @Test
    void theFootprintShrinks() {
        ModelFootprint floats = ModelFootprint.of(model.plan(), 1, LIMITS);
        ModelFootprint bytes = ModelFootprint.of(model.plan(), 1, limits());
        assertThat(bytes.cache() * 32).isEqualTo(floats.cache() * 9);
        assertThat(bytes.activations()).isEqualTo(floats.activations());
    }

    @Test
    void headsThatDoNotFillBlocksAreRefusedWithTheRemedy(@TempDir Path models) throws IOException {
        String reason = "its keys and values cannot be kept as int8, which takes heads of a multiple of 32 elements"
                + " and these have 16; set the key/value precision to float32";
        try (LoadedModel narrow =
                LoadedModel.of(GgufFile.open(TestModels.path(HEADS_OF_16)), backend, ActivationPrecision.INT8)) {
            assertThatExceptionOfType(UnsupportedModelException.class)
                    .isThrownBy(() -> new InferenceEngine("narrow", narrow, tokenizer, limits()))
                    .withMessageContaining(reason);
        }
        Path file = Files.copy(TestModels.path(HEADS_OF_16), models.resolve("narrow.gguf"));
        ModelDirectory directory = new ModelDirectory(models, limits());
        assertThat(directory.models()).isEmpty();
        assertThat(directory.problems().get(file)).contains(reason);
    }
}
