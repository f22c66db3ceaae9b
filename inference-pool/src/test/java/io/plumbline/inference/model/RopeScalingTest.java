package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long rope as transformers computes it from a configuration. */
class RopeScalingTest {
    /** Rotating half of 16 elements: four pairs. */
    private static final String FACTORS =
            "\"short_factor\": [1.0, 1.25, 1.5, 2.0], \"long_factor\": [1.0, 2.0, 8.0, 32.0]";

    @TempDir
    private Path folder;

    @Test
    void aContextBeyondTheOriginalOneTakesTheLongFactorsAndTheAmplitude() throws IOException {
        RopePlan rope = rope(longRope("longrope", FACTORS), 128);
        assertThat(rope.rotaryDim()).isEqualTo(8);
        // √(1 + ln(512/128) / ln(128)), as transformers' _compute_longrope_parameters gives it
        assertThat(rope.scaling())
                .isEqualTo(new RopeScaling.LongRope(List.of(1.0, 2.0, 8.0, 32.0), Math.sqrt(9 / 7.0)));
        float[] table = rope.table(0, 2, new float[0]);
        double amplitude = Math.sqrt(9 / 7.0);
        double[] frequencies = {1, 0.1 / 2, 0.01 / 8, 0.001 / 32};
        for (int pair = 0; pair < 4; pair++) {
            assertThat((double) table[pair]).isCloseTo(amplitude, within(1e-6));
            assertThat((double) table[8 + pair]).isCloseTo(amplitude * Math.cos(frequencies[pair]), within(1e-6));
            assertThat((double) table[12 + pair]).isCloseTo(amplitude * Math.sin(frequencies[pair]), within(1e-6));
        }
    }

    @Test
    void aContextWithinTheOriginalOneTakesTheShortFactors() throws IOException {
        RopePlan rope = rope(longRope("su", FACTORS), 512);
        assertThat(rope.scaling()).isEqualTo(new RopeScaling.LongRope(List.of(1.0, 1.25, 1.5, 2.0), 1));
    }

    @Test
    void theOldAndTheNewStyleOfConfigurationSayTheSame() throws IOException {
        RopePlan old = rope(longRope("longrope", FACTORS), 128);
        String settings = "\"rope_parameters\": {\"rope_type\": \"longrope\", \"rope_theta\": 10000.0,"
                + "\"partial_rotary_factor\": 0.5, \"original_max_position_embeddings\": 128," + FACTORS + "}";
        String config = text("config.v5.json").replaceFirst("(?s)\"rope_parameters\": \\{.*?}", settings);
        assertThat(read(config).rope()).isEqualTo(old);
    }

    @Test
    void factorsThatDoNotFitAreRefused() {
        String three = "\"short_factor\": [1.0, 1.0, 1.0], \"long_factor\": [1.0, 2.0, 8.0]";
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> rope(longRope("longrope", three), 128))
                .withMessageContaining("3 factors where 4 pairs rotate");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> rope(longRope("longrope", FACTORS.replace("32.0", "-1.0")), 128))
                .withMessageContaining("positive factors");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> rope("{\"type\": \"longrope\", \"short_factor\": [1.0]}", 128))
                .withMessageContaining("'long_factor'");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> rope("{\"type\": \"longrope\", \"long_factor\": [\"x\"]}", 128))
                .withMessageContaining("a list of numbers");
    }

    @Test
    void aTableKnowsItsPlan() {
        RopePlan plain = new RopePlan(RopeLayout.HALVES, 4, 100, new RopeScaling.None());
        assertThat(plain.table(0, 2, new float[0]))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(1, 1, 0, 0, (float) Math.cos(1), (float) Math.cos(0.1), (float) Math.sin(1), (float)
                        Math.sin(0.1));
    }

    private static String longRope(String type, String factors) {
        return "{\"type\": \"%s\", %s}".formatted(type, factors);
    }

    /** The rotary plan of the tiny Phi-3 with a partial rotation and that scaling. */
    private RopePlan rope(String scaling, int originalContext) throws IOException {
        return read(text("config.json")
                        .replace(
                                "\"rope_scaling\": null",
                                "\"partial_rotary_factor\": 0.5, \"rope_scaling\": " + scaling)
                        .replace(
                                "\"original_max_position_embeddings\": 512",
                                "\"original_max_position_embeddings\": " + originalContext))
                .rope();
    }

    private static String text(String config) throws IOException {
        return Files.readString(TestModels.path("phi3").resolve(config));
    }

    private ModelConfig read(String config) throws IOException {
        return ModelConfig.read(Files.writeString(folder.resolve("config.json"), config));
    }
}
