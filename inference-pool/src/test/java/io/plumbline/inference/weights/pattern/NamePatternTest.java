package io.plumbline.inference.weights.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    private static final ModuleName QUERY = new ModuleName("model.layers.3.self_attn.q_proj");

    /** What Python 3.11 answers for some hundred expressions, some of them random. */
    @Test
    void agreesWithPython() throws IOException {
        List<String[]> lines;
        try (InputStream file =
                Objects.requireNonNull(NamePatternTest.class.getResourceAsStream("/weights/pattern/python-re.tsv"))) {
            lines = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
        List<ModuleName> names =
                Stream.of(lines.getFirst()[1].split(" ")).map(ModuleName::new).toList();
        for (String[] line : lines.subList(1, lines.size())) {
            String source = line[0];
            if (line[1].equals("error")) {
                assertThatExceptionOfType(InvalidPatternException.class)
                        .as(source)
                        .isThrownBy(() -> NamePattern.of(source));
                continue;
            }
            NamePattern pattern = NamePattern.of(source);
            StepLimit limit = new StepLimit(1_000_000);
            String all = bits(names, name -> pattern.matchesAll(name, limit));
            if (line[1].equals("slow")) { // Python finds no answer within a second
                assertThat(all).as(source).isEqualTo("0".repeat(names.size()));
                continue;
            }
            assertThat(all).as("fullmatch of " + source).isEqualTo(line[1]);
            assertThat(bits(names, name -> pattern.matchesStart(name, limit)))
                    .as("match of " + source)
                    .isEqualTo(line[2]);
            assertThat(bits(names, name -> pattern.matchesEnd(name, limit)))
                    .as("end of " + source)
                    .isEqualTo(line[3]);
        }
    }

    private static String bits(List<ModuleName> names, java.util.function.Predicate<ModuleName> matches) {
        return names.stream().map(name -> matches.test(name) ? "1" : "0").collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(q)\\1", "(?P<a>q)(?P=a)", "(?i)Q", "(?>q*)", "q*+", "(q)?(?(1)a|b)", "\\N{DIGIT ONE}"})
    void whatASetOfPlacesCannotDecideIsRefused(String source) {
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> NamePattern.of(source))
                .withMessageContaining(source)
                .withMessageContaining("at character");
    }

    @Test
    void whatWouldTakeForEverIsCutOff() {
        String nested = "(".repeat(50) + ".*" + ")*".repeat(50) + "x?";
        NamePattern pattern = NamePattern.of(nested);
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> pattern.matchesEnd(QUERY, new StepLimit(10_000_000)))
                .withMessageContaining("too long");
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> NamePattern.of("(".repeat(20_000)))
                .withMessageContaining("more than 10000 characters");
        assertThatExceptionOfType(InvalidPatternException.class)
                .isThrownBy(() -> NamePattern.of("(".repeat(60) + ")".repeat(60)))
                .withMessageContaining("deeper than 50");
    }

    @Test
    void hugeCountsCostNothing() {
        StepLimit limit = new StepLimit(10_000);
        assertThat(NamePattern.of("(.{0,999999999}){999999999}").matchesAll(QUERY, limit))
                .isTrue();
        assertThat(NamePattern.of(".{99999999999999999999}").matchesAll(QUERY, limit))
                .isFalse();
    }
}
