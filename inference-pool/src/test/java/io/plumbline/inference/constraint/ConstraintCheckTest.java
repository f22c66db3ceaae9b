package io.plumbline.inference.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.OutputConstraint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a text is still of the form after somebody changed it. */
class ConstraintCheckTest {
    private static ConstraintCheck schema(String property) {
        return new ConstraintCheck(new OutputConstraint.JsonSchema(
                "{\"type\": \"object\", \"properties\": {\"a\": %s}, \"required\": [\"a\"]}".formatted(property),
                true));
    }

    @Test
    void anyStringMayBecomeAnother() {
        ConstraintCheck check = schema("{\"type\": \"string\"}");
        assertThat(check.holds("{\"a\": \"secret\"}", "{\"a\": \"[masked]\"}")).isTrue();
        assertThat(check.holds("{\"a\": \"secret\"}", "{\"a\": \"[masked]\"")).isFalse();
        assertThat(check.holds("{\"a\": \"secr", "{\"a\": \"[mas"))
                .as("broken off, as the original is")
                .isTrue();
        assertThat(check.canGoOn("{\"a\": \"secret\"}", "{\"a\": \"[mas")).isTrue();
    }

    @Test
    void whatTheSchemaForbidsIsSeenAsSoonAsItLeaves() {
        ConstraintCheck numbers = schema("{\"type\": \"integer\"}");
        assertThat(numbers.canGoOn("{\"a\": 1", "{\"a\": \"[")).isFalse();
        assertThat(numbers.holds("{\"a\": 12}", "{\"a\": \"[masked]\"}")).isFalse();
        ConstraintCheck shorts = schema("{\"type\": \"string\", \"maxLength\": 5}");
        assertThat(shorts.holds("{\"a\": \"12345\"}", "{\"a\": \"[masked]\"}")).isFalse();
    }

    @Test
    void expressionsAndChoices() {
        ConstraintCheck expression = new ConstraintCheck(new OutputConstraint.Regex("[0-9]{4}|none"));
        assertThat(expression.holds("1234", "none")).isTrue();
        assertThat(expression.canGoOn("1234", "[")).isFalse();
        ConstraintCheck choice = new ConstraintCheck(new OutputConstraint.OneOf(List.of("yes", "no")));
        assertThat(choice.holds("yes", "[masked]")).isFalse();
    }

    /** Another engine may put blanks where ours never does; of its JSON no more is asked than that. */
    @Test
    void anOriginalThatTheGrammarDoesNotKnowIsNoMeasureForJson() {
        ConstraintCheck check = schema("{\"type\": \"string\"}");
        assertThat(check.holds("{ \"a\" : \"secret\" }", "{ \"a\" : \"[masked]\" }"))
                .isTrue();
        assertThat(check.canGoOn("{ \"a", "{ \"a")).isTrue();
        ConstraintCheck expression = new ConstraintCheck(new OutputConstraint.Regex("a+"));
        assertThat(expression.holds("b", "c")).isFalse();
    }
}
