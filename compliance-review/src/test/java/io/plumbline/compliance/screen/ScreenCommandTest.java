package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenCommandTest {
    private record Result(int code, String out, String err) {}

    private static Result run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = ScreenCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Result(code, out.toString(), err.toString());
    }

    @Test
    void printsSpansWithoutTheirText(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "证件11010519491231002X。");
        Result result = run("--packs", "CN", file.toString());
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("PRI-001@1  REDACT", "[2, 20)", "[REDACTED:resident-id]")
                .doesNotContain("19491231");
        assertThat(run("--packs", "CN", "--show", file.toString()).out()).contains("\"11010519491231002X\"");
    }

    @Test
    void jsonIsOneObjectPerLineOfInput(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.jsonl"),
                "{\"text\":\"保本保息\"}\n\n{\"messages\":[{\"role\":\"user\",\"content\":\"我家孩子体重12公斤。\"},{\"role\":\"assistant\",\"content\":\"孩子可服用5ml。\"}]}\n");
        Result result = run("--packs", "FIN,MED,CN", "--json", file.toString());
        assertThat(result.code()).isEqualTo(1);
        String[] lines = result.out().strip().split("\n");
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines[0]);
        assertThat(first.path("withheld").asBoolean()).isTrue();
        assertThat(first.path("verdicts").path(0).path("rule").asText()).isEqualTo("FIN-001@1");
        assertThat(new ObjectMapper().readTree(lines[1]).path("withheld").asBoolean())
                .isFalse();
    }

    @Test
    void badInputNamesTheLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"a\"}\nnot json\n{\"x\":1}\n");
        Result result = run(file.toString());
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("a.jsonl:2: not a JSON object", "a.jsonl:3: needs 'text'")
                .doesNotContain("\tat ");
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(run().err()).contains("name at least one FILE");
        assertThat(run("--stage", "Q", "x").err()).contains("unknown stage 'Q'");
        assertThat(run("missing.txt").err()).contains("no such file: missing.txt");
        assertThat(run("--tenant", "Not A Tenant", "x").code()).isEqualTo(2);
    }

    @Test
    void listsTheRules() {
        assertThat(run("--list").out().strip().split("\n")).hasSize(30);
        assertThat(run("--list", "--packs", "FIN,CN", "--json").out())
                .contains("\"rule\":\"FIN-001@1\"")
                .doesNotContain("MED-002");
    }

    @Test
    void streamedAndWholeAnswersAgree(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "指数基金费用低。卡号4111111111111111。");
        String whole = run("--packs", "FIN,CN", "--json", file.toString()).out();
        String streamed = run("--packs", "FIN,CN", "--json", "--stage", "S", file.toString())
                .out();
        var json = new ObjectMapper();
        assertThat(json.readTree(streamed).path("text"))
                .isEqualTo(json.readTree(whole).path("text"));
    }
}
