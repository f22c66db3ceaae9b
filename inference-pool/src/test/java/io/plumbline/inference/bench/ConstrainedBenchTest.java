package io.plumbline.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the benchmark takes for an answer of its schema. */
class ConstrainedBenchTest {
    private static final String RIGHT =
            """
            {"title": "The pump stopped", "date": "2026-01-31", "severity": 3, "findings": [%s, %s, %s, %s], \
            "summary": "%s"}""".formatted(finding(), finding(), finding(), finding(), "The bearing ran dry. ".repeat(10));

    private static String finding() {
        return "{\"place\": \"hall three\", \"part\": \"bearing\", \"repaired\": true}";
    }

    @Test
    void aWellFormedAnswerIsTaken() {
        assertThat(ConstrainedBench.problem(RIGHT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    The pump stopped      | short
                    2026-01-31            | 31 January
                    "severity": 3         | "severity": 6
                    "part": "bearing"     | "part": "door"
                    "repaired": true      | "repaired": 1
                    "title"               | "name"
                    The bearing           | \\u12
                    """)
    void anyOtherIsNot(String from, String to) {
        String wrong = RIGHT.replace(from, to);
        assertThat(wrong).isNotEqualTo(RIGHT);
        assertThat(ConstrainedBench.problem(wrong)).contains("JSON");
        assertThat(ConstrainedBench.problem(RIGHT + "!")).contains("no JSON");
    }
}
