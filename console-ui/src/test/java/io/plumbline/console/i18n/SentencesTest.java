package io.plumbline.console.i18n;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.dataset.DatasetValidator;
import io.plumbline.finetune.dataset.ValidationReport;
import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {
    private static final Pattern VARIABLE = Pattern.compile("\\{[0-9]}");

    private static String chinese(String sentence) {
        return Sentences.in(Languages.CHINESE, sentence);
    }

    private static ResourceBundle bundle(String name) {
        return ResourceBundle.getBundle("console.i18n." + name);
    }

    private static List<String> variables(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(MatchResult::group)
                .sorted()
                .distinct()
                .toList();
    }

    /** Every way in which a row can be wrong, as the validator itself puts it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "{\"a\": 1} {\"b\": 2}",
                "{\"messages\": [",
                "{\"messages\": 1, \"messages\": 2}",
                "{\"messages\": }",
                "{\"messages\": \"x\"}",
                "{\"text\": \"x\"}",
                "{\"messages\": []}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\", \"content\": \"x\", \"weight\": 0}]}",
                "{\"messages\": [3]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\", \"wieght\": 1}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": null}]}",
                "{\"messages\": [{\"role\": true, \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"robot\", \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"function\", \"content\": \"x\"}]}",
                "{\"messages\": [{\"role\": \"developer\", \"content\": \"x\"}]}",
                "{\"messages\": [], \"tools\": [1]}",
                "{\"messages\": [], \"functions\": [1]}",
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\", \"tool_calls\": [1]}]}",
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\", \"function_call\": {}}]}",
                "{\"prompt\": \"x\", \"completion\": \"y\"}",
                "{\"messages\": [], \"preferred_output\": [1]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \" \"}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"\\ud800\"}]}",
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"x\", \"weight\": 2}]}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"x\", \"weight\": 1}]}",
                "",
            })
    void everyReasonOfTheValidatorIsTold(String line) throws IOException {
        ValidationReport report =
                new DatasetValidator().validate(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
        assertThat(report.problems()).isNotEmpty();
        for (Problem problem : report.problems()) {
            assertThat(chinese(problem.reason()))
                    .as(problem.reason())
                    .isNotEqualTo(problem.reason())
                    .doesNotContain("expected", " a ", "found", "supported");
        }
    }

    @Test
    void bytesThatAreNoTextAreTold() throws IOException {
        byte[] latin = {'{', '"', (byte) 0xE9, '"'};
        ValidationReport report = new DatasetValidator().validate(new ByteArrayInputStream(latin));
        assertThat(chinese(report.problems().getFirst().reason()))
                .isEqualTo("该行第 3 个字节（文件第 3 个字节，值 0xE9）不是有效的 UTF-8；请将文件保存为 UTF-8");
    }

    @Test
    void whatStandsForAVariableMayBeASentenceItself() {
        assertThat(chinese("The trainer was ended by signal 15; trying again from the last checkpoint (failure 1 of 3)."
                        + " Its last words: out of luck"))
                .isEqualTo("训练进程被信号 15 终止；将从上一检查点重试（第 1 次失败，最多 3 次）。最后输出：out of luck");
        assertThat(chinese("The trainer was ended by the operating system (signal 9; often because memory ran out);"
                        + " trying again from the last checkpoint (failure 2 of 3)."))
                .isEqualTo("训练进程被操作系统终止（信号 9，通常因内存不足）；将从上一检查点重试（第 2 次失败，最多 3 次）。");
    }

    @Test
    void whatIsNotKnownStaysAsItIs() {
        assertThat(chinese("A sentence $1 {0} of somebody else")).isEqualTo("A sentence $1 {0} of somebody else");
        assertThat(Sentences.in(Languages.CHINESE, "expected a string, found $1\\"))
                .isEqualTo("应为字符串，此处为$1\\");
    }

    @Test
    void bothLanguagesHaveTheSameSentencesAndVariables() {
        ResourceBundle english = bundle("sentences_en");
        ResourceBundle chinese = bundle("sentences_zh");
        assertThat(new TreeSet<>(chinese.keySet())).isEqualTo(new TreeSet<>(english.keySet()));
        for (String key : english.keySet()) {
            assertThat(variables(english.getString(key))).as(key).containsAll(variables(chinese.getString(key)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"datasets", "finetuning", "models", "templates", "shell"})
    void everyTextIsThereInBothLanguages(String name) {
        ResourceBundle english = bundle(name + "_en");
        ResourceBundle chinese = bundle(name + "_zh");
        assertThat(new TreeSet<>(chinese.keySet())).isEqualTo(new TreeSet<>(english.keySet()));
        for (String key : english.keySet()) {
            assertThat(english.getString(key)).as(key).isNotBlank();
            assertThat(chinese.getString(key)).as(key).isNotBlank();
        }
    }
}
