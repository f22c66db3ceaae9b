package io.plumbline.finetune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetValidatorTest {
    private static final String GOOD = "{\"messages\":[{\"role\":\"user\",\"content\":\"Wie geht's? 🙂\"},"
            + "{\"role\":\"assistant\",\"content\":\"Gut.\"}],\"source\":\"own\"}";

    @Test
    void goodRowsAreCounted() throws IOException {
        ValidationReport report = validate(GOOD + "\n" + GOOD + "\n");
        assertThat(report.valid()).isTrue();
        assertThat(report).isEqualTo(new ValidationReport(2, 4, 2 * (13 + 4), 0, List.of(), 0));
    }

    @Test
    void byteOrderMarkCrLfBlankLinesAndAMissingLastLineEndAreAccepted() throws IOException {
        ValidationReport report = validate("\uFEFF" + GOOD + "\r\n\r\n  \n" + GOOD);
        assertThat(report.valid()).isTrue();
        assertThat(report.rows()).isEqualTo(2);
    }

    @Test
    void lineNumbersCountBlankLines() throws IOException {
        assertThat(validate(GOOD + "\r\n\n{\"messages\":[]}\n").problems())
                .containsExactly(new Problem(
                        3, "messages", "the array is empty; expected at least a user and an assistant message"));
    }

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            [1]                                  |                     | expected a JSON object such as {"messages": […]} on each line (JSON Lines), found an array
            {"a":1} {"b":2}                      |                     | something follows the JSON object at column 9; expected one object a line
            {"messages":[{"role":"user"          | messages[0].role    | the JSON is cut off at column 28; expected a complete object on one line
            {"messages":[}                       | messages            | broken JSON at column 14: Unexpected close marker '}': expected ']'
            {"messages":1,"messages":2}          | messages            | the key appears twice (column 25); expected each key once
            {"source":"x"}                       | messages            | expected an array of messages, found nothing
            {"messages":{}}                      | messages            | expected an array of messages, found an object
            {"messages":["hi"]}                  | messages[0]         | expected an object with role and content, found a string
            {"prompt":"a","completion":"b"}      | prompt              | this is the prompt/completion form; expected {"messages": [{"role": …, "content": …}, …]}
            """)
    void brokenLines(String line, String field, String reason) throws IOException {
        assertThat(validate(line + "\n").problems())
                .containsExactly(new Problem(1, field == null ? "" : field, reason));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"role":"user"}                                 | content    | expected a string, found nothing
            {"role":"user","content":null}                  | content    | expected a string, found null
            {"role":"user","content":["a"]}                 | content    | expected a string, found an array
            {"role":"user","content":" \\n"}                | content    | the text is empty; expected at least one visible character
            {"role":"user","content":"a\\ud800b"}           | content    | character 2 is half of a surrogate pair (\\ud800); expected valid Unicode
            {"role":7,"content":"a"}                        | role       | expected system, user or assistant, found a number
            {"role":"wizard","content":"a"}                 | role       | unknown role "wizard"; expected system, user or assistant
            {"role":"tool","content":"a"}                   | role       | training on tool results is not supported; expected system, user or assistant
            {"role":"user","content":"a","weight":1}        | weight     | only assistant messages have a weight; remove it
            {"role":"assistant","content":"a","weight":2}   | weight     | expected 0 or 1, found 2
            {"role":"assistant","content":"a","weight":"0"} | weight     | expected 0 or 1, found a string
            {"role":"user","content":"a","wieght":1}        | wieght     | unknown key; expected role, content, name or weight
            {"role":"assistant","content":"a","tool_calls":[]} | tool_calls | training on tool calls is not supported; remove the row
            """)
    void brokenMessages(String message, String field, String reason) throws IOException {
        String row = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}," + message
                + ",{\"role\":\"assistant\",\"content\":\"a\"}]}";
        assertThat(validate(row).problems()).containsExactly(new Problem(1, "messages[1]." + field, reason));
    }

    @Test
    void theLastMessageMustBeTheAssistants() throws IOException {
        assertThat(validate("{\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}")
                        .problems())
                .containsExactly(
                        new Problem(1, "messages[0].role", "the last message must be the assistant's, found user"));
    }

    @Test
    void aRowWithNothingToLearnFromIsRefused() throws IOException {
        String row = "{\"messages\":[{\"role\":\"user\",\"content\":\"q\"},"
                + "{\"role\":\"assistant\",\"content\":\"a\",\"weight\":0}]}";
        assertThat(validate(row).problems())
                .containsExactly(new Problem(
                        1, "messages", "every assistant message has weight 0; expected at least one to learn from"));
    }

    @Test
    void toolsAreRefusedWithTheReason() throws IOException {
        String row = GOOD.replace("\"source\":\"own\"", "\"tools\":[{}]");
        assertThat(validate(row).problems())
                .containsExactly(new Problem(
                        1, "tools", "training on tool calls is not supported; remove the rows that use tools"));
    }

    @Test
    void invalidUtf8IsReportedWithItsBytePosition() throws IOException {
        var file = new ByteArrayOutputStream();
        file.writeBytes((GOOD + "\n{\"a\":\"").getBytes(StandardCharsets.UTF_8));
        file.write(0xC3);
        file.writeBytes("x\"}\n".getBytes(StandardCharsets.UTF_8));
        int before = GOOD.getBytes(StandardCharsets.UTF_8).length + 1;
        assertThat(validate(new ByteArrayInputStream(file.toByteArray())).problems())
                .containsExactly(new Problem(
                        2,
                        "",
                        "byte 7 of the line (byte %d of the file, value 0xC3) is not valid UTF-8; save the file as UTF-8"
                                .formatted(before + 7)));
    }

    @Test
    void utf16IsRecognised() throws IOException {
        ValidationReport report = validate(new ByteArrayInputStream(GOOD.getBytes(StandardCharsets.UTF_16)));
        assertThat(report.problems().getFirst().reason()).contains("it looks like UTF-16");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        assertThat(validate("\n \n").problems())
                .containsExactly(new Problem(1, "", "the file has no rows; expected one conversation a line"));
    }

    @Test
    void overlongLinesAreReportedAndTheNextLineIsStillRead() throws IOException {
        var limits = new DatasetLimits(1 << 20, GOOD.getBytes(StandardCharsets.UTF_8).length, 10);
        String file = "x".repeat(200_000) + "\n" + GOOD + "\r\n";
        ValidationReport report = new DatasetValidator(limits).validate(stream(file));
        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.problems()).singleElement().satisfies(p -> {
            assertThat(p.line()).isEqualTo(1);
            assertThat(p.reason()).startsWith("the line is longer than");
        });
    }

    @Test
    void limitsOfTheFileStopTheReading() throws IOException {
        ValidationReport rows = new DatasetValidator(new DatasetLimits(1 << 20, 1 << 20, 1))
                .validate(stream(GOOD + "\n" + GOOD + "\n" + GOOD));
        assertThat(rows.problems()).containsExactly(new Problem(2, "", "the file has more than 1 rows; split it"));
        ValidationReport bytes =
                new DatasetValidator(new DatasetLimits(10, 1 << 20, 9)).validate(stream(GOOD + "\n" + GOOD));
        assertThat(bytes.problems()).containsExactly(new Problem(1, "", "the file is larger than 10 bytes; split it"));
    }

    @Test
    void problemsAreCountedBeyondTheListedOnes() throws IOException {
        ValidationReport report = validate("[]\n".repeat(250));
        assertThat(report.problemCount()).isEqualTo(250);
        assertThat(report.brokenRows()).isEqualTo(250);
        assertThat(report.problems()).hasSize(ValidationReport.MAX_PROBLEMS);
    }

    @Test
    void aLargeFileIsReadAsAStream() throws IOException {
        byte[] row = (GOOD + "\n").getBytes(StandardCharsets.UTF_8);
        int copies = 20_000;
        InputStream endless = IntStream.range(0, copies)
                .<InputStream>mapToObj(i -> new ByteArrayInputStream(row))
                .collect(Collectors.collectingAndThen(
                        Collectors.toList(), parts -> new SequenceInputStream(Collections.enumeration(parts))));
        ValidationReport report = validate(endless);
        assertThat(report.valid()).isTrue();
        assertThat(report.rows()).isEqualTo(copies);
    }

    private static ValidationReport validate(String file) throws IOException {
        return validate(stream(file));
    }

    private static ValidationReport validate(InputStream file) throws IOException {
        return new DatasetValidator().validate(file);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
