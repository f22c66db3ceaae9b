package io.plumbline.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FigureTest {
    private static final Figure RATE =
            Figure.of("decode", "tiny", "tok/s", Better.HIGHER, List.of(80.0, 100.0, 90.0), List.of(40.0, 50.0));
    private static final Figure TIME =
            Figure.of("load", "tiny", "s", Better.LOWER, List.of(0.5, 0.4), List.of(0.2, 0.8));

    @Test
    void theBestOfTheRoundsCountsOnBothSides() {
        assertThat(RATE.value()).isEqualTo(100);
        assertThat(RATE.peerValue()).hasValue(50);
        assertThat(RATE.ratio()).hasValue(2);
        assertThat(TIME.value()).isEqualTo(0.4);
        assertThat(TIME.ratio()).hasValue(2);
    }

    @Test
    void aGoalIsALeastForRatesAndAMostForTimes() {
        assertThat(RATE.withGoal(Optional.of(Goal.ratio(2))).met()).hasValue(true);
        assertThat(RATE.withGoal(Optional.of(Goal.ratio(2.1))).met()).hasValue(false);
        assertThat(TIME.withGoal(Optional.of(Goal.value(0.4))).met()).hasValue(true);
        assertThat(TIME.withGoal(Optional.of(Goal.value(0.3))).met()).hasValue(false);
    }

    @Test
    void withoutAPeerARatioIsNeitherMetNorMissed() {
        Figure alone = Figure.alone("decode", "tiny", "tok/s", Better.HIGHER, Samples.of(100));
        assertThat(alone.withGoal(Optional.of(Goal.ratio(2))).met()).isEmpty();
        assertThat(alone.withGoal(Optional.of(Goal.value(90))).met()).hasValue(true);
        assertThat(alone.met()).isEmpty();
    }

    @Test
    void aFigureWithoutMeasurementsCannotBeMade() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Samples(List.of()));
    }

    @Test
    void aLineOfJsonHoldsFigurePeerRatioAndGoal() throws IOException {
        StringWriter written = new StringWriter();
        FigureReport report = new FigureReport(new PrintWriter(written), true, "llama.cpp");
        report.add(RATE.withGoal(Optional.of(Goal.ratio(2.1))));
        report.check("outputs", "tiny", "");
        report.check("outputs", "tiny", "token 3 differs");
        List<String> lines = written.toString().lines().toList();
        JsonNode figure = new JsonMapper().readTree(lines.get(0));
        assertThat(figure.path("figure").asText()).isEqualTo("decode");
        assertThat(figure.path("value").asDouble()).isEqualTo(100);
        assertThat(figure.path("unit").asText()).isEqualTo("tok/s");
        assertThat(figure.path("lowest").asDouble()).isEqualTo(80);
        assertThat(figure.path("peer").asText()).isEqualTo("llama.cpp");
        assertThat(figure.path("peer_value").asDouble()).isEqualTo(50);
        assertThat(figure.path("ratio").asDouble()).isEqualTo(2);
        assertThat(figure.path("target").asDouble()).isEqualTo(2.1);
        assertThat(figure.path("met").asBoolean(true)).isFalse();
        assertThat(new JsonMapper().readTree(lines.get(2)).path("problem").asText())
                .isEqualTo("token 3 differs");
        assertThat(report.failedChecks()).isEqualTo(1);
    }

    @Test
    void aTableShowsThemToPeople() {
        StringWriter written = new StringWriter();
        FigureReport report = new FigureReport(new PrintWriter(written), false, "llama.cpp");
        report.section("tiny");
        report.add(RATE.withGoal(Optional.of(Goal.ratio(2.1))));
        assertThat(written.toString())
                .contains("decode")
                .contains("2.00x")
                .contains("≥2.10x NOT")
                .contains("80.0-100");
    }
}
