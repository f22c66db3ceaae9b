package io.plumbline.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sampler against the one that sorts, on vocabularies that end within a row, a tile and a word. */
class SamplerOracleTest {
    private static final double TOLERANCE = 1e-12;
    private static final int[] VOCABULARIES = {1, 3, 4, 255, 256, 257, 1000, 4095, 4097, 9001, 20_000};

    /** Shapes of logits that decide differently how far a search has to go. */
    private enum Shape {
        PEAKED,
        NORMAL,
        FLAT,
        EQUAL,
        FEW_VALUES,
        WITH_HOLES,
        FAR_BELOW
    }

    private static float[] logits(Shape shape, int vocabulary, Random random) {
        float[] logits = new float[vocabulary];
        for (int token = 0; token < vocabulary; token++) {
            float normal = (float) random.nextGaussian();
            logits[token] = switch (shape) {
                case PEAKED -> random.nextInt(500) == 0 ? 20 + 3 * normal : 4 * normal;
                case NORMAL -> 4 * normal;
                case FLAT -> 1e-3f * normal;
                case EQUAL -> -7;
                case FEW_VALUES -> Math.round(2 * normal);
                case WITH_HOLES -> random.nextInt(3) > 0 ? Float.NEGATIVE_INFINITY : normal;
                case FAR_BELOW -> token % 7 == 3 ? normal : -1e6f;
            };
        }
        logits[random.nextInt(vocabulary)] = 1; // one at least is not −∞
        return logits;
    }

    private static Stream<SamplingSettings> settings() {
        Map<Integer, Double> bias = new HashMap<>();
        for (int token = 0; token < 300; token += 7) {
            bias.put(token * 11, token % 2 == 0 ? 5.5 : -3.25);
        }
        return Stream.of(
                of(0, 0, 1, 0),
                of(0.8, 0, 1, 0),
                of(1e-320, 0, 1, 0),
                of(0.05, 0, 0.9, 0),
                of(100, 0, 0.999, 0),
                of(0.8, 0, 0.95, 0),
                of(0.8, 0, 1e-9, 0),
                of(0.8, 40, 1, 0),
                of(0.8, 40, 0.95, 0),
                of(0.8, 3000, 0.5, 0),
                of(0.8, 1, 1, 0),
                of(0.8, 0, 1, 0.05),
                of(1.3, 0, 1, 1),
                of(2, 0, 0.8, 1e-4),
                of(2, 500, 0.99, 0.01),
                new SamplingSettings(0, 0, 1, 0, 1.3, 0.4, 0.2, Map.of(), OptionalLong.empty()),
                new SamplingSettings(0.8, 0, 1, 0, 1.3, 0.4, 0.2, bias, OptionalLong.empty()),
                new SamplingSettings(0.8, 0, 0.95, 0, 1.3, 0, 0, bias, OptionalLong.empty()),
                new SamplingSettings(0.8, 40, 1, 0.01, 1, -1.5, 0, bias, OptionalLong.empty()));
    }

    private static SamplingSettings of(double temperature, int topK, double topP, double minP) {
        return new SamplingSettings(temperature, topK, topP, minP, 1, 0, 0, Map.of(), OptionalLong.empty());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theDistributionIsThatOfTheSortedTokens(SamplingSettings settings) {
        Random random = new Random(7);
        for (int vocabulary : VOCABULARIES) {
            Sampler sampler = new Sampler(vocabulary); // one for all: nothing of a step may show in the next
            for (Shape shape : Shape.values()) {
                float[] logits = logits(shape, vocabulary, random);
                TokenHistory history = history(vocabulary, random);
                check(sampler, logits, settings, history, null);
                check(sampler, logits, settings, history, mask(logits, random));
            }
        }
    }

    private static TokenHistory history(int vocabulary, Random random) {
        TokenHistory history =
                new TokenHistory(random.ints(50, 0, 2 * vocabulary).toArray()); // some beyond the vocabulary
        random.ints(50, 0, vocabulary).forEach(history::add);
        return history;
    }

    /** Whole words, single tokens and nothing; ends before the vocabulary does. */
    private static long[] mask(float[] logits, Random random) {
        long[] mask = new long[Math.max(1, logits.length / 64)];
        for (int word = 0; word < mask.length; word++) {
            mask[word] = switch (random.nextInt(3)) {
                case 0 -> -1;
                case 1 -> random.nextLong();
                default -> 0;
            };
        }
        int last = Math.min(logits.length, mask.length * 64) - 1;
        logits[last] = 0.5f;
        mask[last / 64] |= 1L << last;
        return mask;
    }

    private static void check(
            Sampler sampler,
            float[] logits,
            SamplingSettings settings,
            TokenHistory history,
            long @Nullable [] allowed) {
        double[] expected = SortingSampler.probabilities(logits, settings, history, allowed);
        float[] before = logits.clone();
        TokenDistribution distribution = sampler.distribution(logits, settings, history, allowed);
        int[] drawn = IntStream.range(0, 50)
                .map(i -> distribution.at(i / 50.0))
                .toArray(); // before the tokens are listed, as the engine draws
        double[] actual = new double[logits.length];
        for (int i = 0; i < distribution.size(); i++) {
            assertThat(i == 0 || distribution.token(i) > distribution.token(i - 1))
                    .as("ascending")
                    .isTrue();
            actual[distribution.token(i)] = distribution.probability(i);
        }
        assertThat(logits).isEqualTo(before);
        for (int token = 0; token < expected.length; token++) {
            if (Math.abs(actual[token] - expected[token]) > TOLERANCE
                    || (actual[token] == 0 && expected[token] > 1e-280)
                    || (actual[token] > 0 && expected[token] == 0)) {
                assertThat(actual[token])
                        .as("probability of token %d of %d, %s", token, logits.length, settings)
                        .isEqualTo(expected[token]);
            }
        }
        double[] upTo = expected.clone();
        Arrays.parallelPrefix(upTo, Double::sum);
        for (int i = 0; i < drawn.length; i++) {
            double end = upTo[drawn[i]];
            assertThat(i / 50.0).as("draw").isBetween(end - expected[drawn[i]] - 1e-9, end + 1e-9);
            assertThat(expected[drawn[i]]).as("probability of what is drawn").isPositive();
        }
    }

    @Test
    void logProbabilitiesAreThoseOfTheSortedTokens() {
        Random random = new Random(11);
        for (int vocabulary : VOCABULARIES) {
            LogProbabilities probabilities = new LogProbabilities(vocabulary);
            for (Shape shape : Shape.values()) {
                float[] logits = logits(shape, vocabulary, random);
                double sum = IntStream.range(0, vocabulary)
                        .mapToDouble(token -> StrictMath.exp(logits[token] - 30.0))
                        .sum();
                double normaliser = 30 + StrictMath.log(sum);
                TokenLogprob logprob = probabilities.of(logits, 0, 20, token -> new byte[0]);
                List<Integer> best = IntStream.range(0, vocabulary)
                        .filter(token -> logits[token] > Float.NEGATIVE_INFINITY)
                        .boxed()
                        .sorted(Comparator.<Integer>comparingDouble(token -> logits[token])
                                .reversed())
                        .limit(20)
                        .toList();
                assertThat(logprob.top()).extracting(TokenLogprob::token).isEqualTo(best);
                assertThat(logprob.top()).allSatisfy(one -> assertThat(one.logprob())
                        .isCloseTo(logits[one.token()] - normaliser, org.assertj.core.data.Offset.offset(1e-9)));
            }
        }
    }

    /** Answers are replayed on other machines: these bits must be the same everywhere. */
    @Test
    void theBitsAreFixed() {
        Random random = new Random(42);
        float[] logits = new float[1000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = 20 * random.nextFloat();
        }
        TokenDistribution distribution =
                new Sampler(1000).distribution(logits, of(0.7, 0, 1, 0), new TokenHistory(new int[0]));
        assertThat(Double.toHexString(distribution.probability(17))).isEqualTo("0x1.1e79fffafe1ecp-15");
        assertThat(Double.toHexString(LogProbabilities.logSumExp(logits))).isEqualTo("0x1.7d87a1be715e5p4");
    }
}
