package io.plumbline.inference.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PerplexityTest {
    private final Backend backend = TestModels.reference();
    private final LoadedModel model = TestModels.open("llama-untied.F32.gguf", backend);
    private Tokenizer tokenizer;

    @BeforeEach
    void readTokenizer() throws IOException {
        try (GgufFile file = GgufFile.open(TestModels.path("llama-untied.F32.gguf"))) {
            tokenizer = GgufTokenizers.of(file.metadata());
        }
    }

    @AfterEach
    void close() {
        model.close();
        backend.close();
    }

    /** Prediction by prediction, each from a sequence of its own. */
    private double expected(int[] tokens, int window) {
        double sum = 0;
        int count = 0;
        for (int start = 0; start < tokens.length; start += window) {
            for (int next = start + 1; next < Math.min(tokens.length, start + window); next++) {
                float[][] last = new float[1][];
                try (SingleSequence sequence = new SingleSequence(model, next - start, null)) {
                    sequence.append(Arrays.copyOfRange(tokens, start, next), (_, logits) -> last[0] = logits.clone());
                }
                double total = 0;
                for (float logit : last[0]) {
                    total += Math.exp(logit);
                }
                sum += last[0][tokens[next]] - Math.log(total);
                count++;
            }
        }
        return Math.exp(-sum / count);
    }

    @Test
    void isTheExponentialOfTheMeanLossOfEveryToken() {
        String text = "The quick brown fox.";
        int[] tokens = tokenizer.encode(text, false, false);
        Perplexity perplexity = Perplexity.measure(model, tokenizer, text);
        assertThat(perplexity.tokens()).isEqualTo(tokens.length - 1);
        assertThat(perplexity.window()).isEqualTo(512);
        double wanted = expected(tokens, 512);
        assertThat(perplexity.value()).isCloseTo(wanted, within(1e-4 * wanted));
    }

    @Test
    void aLongTextIsCutIntoWindows() {
        String text = "ab ".repeat(400);
        int tokens = tokenizer.encode(text, false, false).length;
        int windows = (tokens + 511) / 512;
        assertThat(windows).isGreaterThan(1);
        assertThat(Perplexity.measure(model, tokenizer, text).tokens()).isEqualTo(tokens - windows);
    }

    @Test
    void aTextWithoutAnythingToPredictIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Perplexity.measure(model, tokenizer, "a"))
                .withMessageContaining("two tokens");
    }
}
