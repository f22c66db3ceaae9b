package io.plumbline.compliance.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Forms as they stand in the database: a case that waits has to be read by the next release too. */
class CaseJsonTest {
    private static final Map<String, OutputConstraint> STORED = Map.of(
            "{\"kind\":\"json_object\"}",
            new OutputConstraint.JsonObject(),
            "{\"kind\":\"json_schema\",\"schema\":\"{\\\"type\\\": \\\"object\\\"}\",\"strict\":true}",
            new OutputConstraint.JsonSchema("{\"type\": \"object\"}", true),
            "{\"kind\":\"regex\",\"expression\":\"a|b\"}",
            new OutputConstraint.Regex("a|b"),
            "{\"kind\":\"choice\",\"texts\":[\"是\",\"否\"]}",
            new OutputConstraint.OneOf(List.of("是", "否")),
            "{\"kind\":\"tools\",\"tools\":[{\"name\":\"f\",\"description\":\"d\",\"parameters\":\"{}\",\"strict\":false}],"
                    + "\"use\":\"REQUIRED\",\"several\":true}",
            new OutputConstraint.ToolCalls(List.of(new ToolFunction("f", "d", "{}", false)), ToolUse.REQUIRED, true));

    @Test
    void everyFormIsWrittenAndReadAgain() {
        STORED.forEach((json, form) -> {
            assertThat(CaseJson.write(form)).isEqualTo(json);
            assertThat(CaseJson.form(json)).isEqualTo(form);
        });
    }
}
