package io.plumbline.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TokenLogprob;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final TokenHistory NOTHING = new TokenHistory(new int[0]);

    private static SamplingSettings settings(double temperature, int topK, double topP, double minP) {
        return new SamplingSettings(temperature, topK, topP, minP, 1, 0, 0, Map.of(), OptionalLong.empty());
    }

    @Test
    void agreesWithTheReferenceOnEveryRecordedCase() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(SamplerTest.class.getResource("/golden/sampling"))
                .toURI());
        List<GoldenResult> results = new ArrayList<>();
        new SamplingGoldenSuite()
                .run(folder, new GoldenOptions(folder.resolveSibling("."), "auto", Map.of()), results::add);
        assertThat(results).hasSize(68).allSatisfy(result -> assertThat(result.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Compared.class, c -> assertThat(c.passed()).isTrue()));
    }

    @Test
    void greedyTakesTheLowestIdOfEqualLogits() {
        TokenDistribution distribution =
                new Sampler(4).distribution(new float[] {1, 3, 3, 2}, SamplingSettings.greedy(), NOTHING);
        assertThat(distribution.size()).isEqualTo(1);
        assertThat(distribution.token(0)).isEqualTo(1);
        assertThat(distribution.at(0.999)).isEqualTo(1);
    }

    @Test
    void topKKeepsTiesAtTheBoundary() {
        assertThat(new Sampler(5)
                        .distribution(new float[] {1, 2, 2, 2, 5}, settings(1, 2, 1, 0), NOTHING)
                        .size())
                .isEqualTo(4);
    }

    @Test
    void topPOfAVocabularyOfEquals() {
        TokenDistribution distribution =
                new Sampler(1000).distribution(new float[1000], settings(1, 0, 0.25, 0), NOTHING);
        assertThat(distribution.size()).isEqualTo(250);
        assertThat(distribution.token(0)).isEqualTo(0);
        assertThat(distribution.probability(249)).isEqualTo(1.0 / 250);
    }

    @Test
    void minPLeavesAtLeastTheLikeliest() {
        assertThat(new Sampler(3)
                        .distribution(new float[] {0, 1, 0}, settings(1, 0, 1, 1), NOTHING)
                        .token(0))
                .isEqualTo(1);
    }

    @Test
    void aFailedComputationIsNotSampled() {
        Sampler sampler = new Sampler(2);
        assertThatThrownBy(() -> sampler.distribution(new float[] {0, Float.NaN}, settings(1, 0, 1, 0), NOTHING))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("token 1");
        assertThatThrownBy(() -> sampler.distribution(new float[3], settings(1, 0, 1, 0), NOTHING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void drawsFollowTheProbabilities() {
        Sampler sampler = new Sampler(3);
        float[] logits = {(float) Math.log(0.2), (float) Math.log(0.5), (float) Math.log(0.3)};
        int[] counts = new int[3];
        TokenDistribution distribution = sampler.distribution(logits, settings(1, 0, 1, 0), NOTHING);
        for (int position = 0; position < 100_000; position++) {
            counts[distribution.at(CounterRandom.uniform(42, position))]++;
        }
        assertThat(counts[0]).isBetween(19_500, 20_500); // five standard deviations are 630
        assertThat(counts[1]).isBetween(49_200, 50_800);
        assertThat(counts[2]).isBetween(29_300, 30_700);
    }

    /** Known answers of the Random123 library for philox2x64-10. */
    @Test
    void theRandomNumbersArePhilox() {
        assertThat(CounterRandom.block(0, 0, 0)).containsExactly(0xca00a0459843d731L, 0x66c24222c9a845b5L);
        assertThat(CounterRandom.block(-1, -1, -1)).containsExactly(0x65b021d60cd8310fL, 0x4d02f3222f86df20L);
    }

    @Test
    void penaltiesLookAtTheRightTokens() {
        TokenHistory history = new TokenHistory(new int[] {0});
        for (int token = 1; token < 100; token++) { // grows beyond its first arrays
            history.add(token % 3 == 1 ? 1 : 2);
        }
        SamplingSettings settings =
                new SamplingSettings(1, 0, 1, 0, 2, 0.5, 0.01, Map.of(3, -4.0), OptionalLong.empty());
        float[] logits = {4, 4, -1, 4};
        TokenDistribution distribution = new Sampler(4).distribution(logits, settings, history);
        double[] expected = {2, 2 - 0.33 - 0.5, -2 - 0.66 - 0.5, 0};
        double sum = 0;
        for (double logit : expected) {
            sum += Math.exp(logit);
        }
        for (int i = 0; i < 4; i++) {
            assertThat(distribution.probability(i))
                    .isCloseTo(Math.exp(expected[i]) / sum, org.assertj.core.data.Offset.offset(1e-12));
        }
    }

    @Test
    void logProbabilitiesWithAlternatives() {
        float[] logits = {1, 7, 3, 7, -2};
        TokenLogprob logprob = new LogProbabilities(5).of(logits, 2, 3, token -> new byte[] {(byte) token});
        double normaliser = Math.log(Math.exp(1) + 2 * Math.exp(7) + Math.exp(3) + Math.exp(-2));
        assertThat(logprob.logprob()).isCloseTo(3 - normaliser, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(logprob.top()).extracting(TokenLogprob::token).containsExactly(1, 3, 2);
    }
}
