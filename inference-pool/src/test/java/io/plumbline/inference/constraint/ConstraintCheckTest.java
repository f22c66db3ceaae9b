package io.plumbline.inference.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.inference.toolcall.ToolCallFormat;
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

    /** Another engine may put blanks where ours never does, and the schema holds all the same. */
    @Test
    void blanksBetweenTheTokensOfJsonMeanNothing() {
        ConstraintCheck check = schema("{\"type\": \"integer\"}");
        assertThat(check.holds("{\n  \"a\" : 1\n}", "{\n  \"a\" : 2\n}\n")).isTrue();
        assertThat(check.holds("{\n  \"a\" : 1\n}", "{\n  \"a\" : \"[masked]\"\n}"))
                .isFalse();
        assertThat(check.complete("{\"a\": 1 2}")).isFalse();
        assertThat(check.complete("{\"a b\": 12}")).isFalse();
        assertThat(schema("{\"const\": \"a  b\"}").complete("{ \"a\" : \"a b\" }"))
                .as("blanks in strings count")
                .isFalse();
    }

    /** Another engine may put properties in another order; of its JSON no more is asked than that it is JSON. */
    @Test
    void anOriginalThatTheGrammarDoesNotKnowIsNoMeasureForJson() {
        ConstraintCheck check = schema("{\"type\": \"number\"}");
        String original = "{\"a\": 3.14159265358979323846}";
        assertThat(check.holds(original, "{\"a\": \"[masked]\"}")).isTrue();
        assertThat(check.canGoOn(original, "{\"a\": \"[m")).isTrue();
        assertThat(check.misfit(original, "{\"a\": 3.14159265358979323847}")).isEmpty();
        assertThat(check.misfit(original, "{\"a\": 3.1, \"a\": 3.2}")).isPresent();
        assertThat(check.misfit(original, "{\"a\": 3,1}").orElseThrow().describe())
                .startsWith("line 1, column 9, after '{\"a\": 3,'");
        ConstraintCheck expression = new ConstraintCheck(new OutputConstraint.Regex("a+"));
        assertThat(expression.holds("b", "c")).isFalse();
    }

    private static Misfit misfit(ConstraintCheck check, String original, String written) {
        return check.misfit(original, written).orElseThrow();
    }

    @Test
    void tellsWhereAndHowATextLeavesItsForm() {
        ConstraintCheck check = new ConstraintCheck(new OutputConstraint.JsonSchema("""
                {"type": "object", "properties": {
                   "name": {"type": "string"},
                   "age": {"type": "integer"},
                   "ward": {"enum": ["children", "外科", "外国"]}},
                 "required": ["name", "age", "ward"], "additionalProperties": false}""", true));
        String original = "{\"name\": \"Li\", \"age\": 4, \"ward\": \"children\"}";
        assertThat(check.misfit(original, "{\n  \"name\": \"\ud83d\ude00\",\n  \"age\": 5,\n  \"ward\": \"外国\"\n}"))
                .isEmpty();
        assertThat(misfit(check, original, "{\n  \"name\": \"\ud83d\ude00\", \"age\": four}"))
                .isEqualTo(new Misfit(
                        Misfit.Kind.UNEXPECTED,
                        2,
                        23,
                        "  \"name\": \"\ud83d\ude00\", \"age\": ",
                        "four}",
                        List.of("0–9", "-")));
        assertThat(misfit(check, original, "{\"name\": \"Li\", \"ward\": 1}").expected())
                .containsExactly("age\":");
        assertThat(misfit(check, original, "{\"name\": \"Li\", \"age\": 4, \"ward\": \"内科\"}"))
                .satisfies(wrong -> {
                    assertThat(wrong.found()).isEqualTo("内科\"}");
                    assertThat(wrong.expected()).containsExactlyInAnyOrder("children\"}", "外");
                });
        Misfit broken = misfit(check, original, "{\"name\": \"Li\", \"age\": 4");
        assertThat(broken.kind()).isEqualTo(Misfit.Kind.UNFINISHED);
        assertThat(broken.describe())
                .isEqualTo(
                        "line 1, column 24, after '{\"name\": \"Li\", \"age\": 4': the text breaks off; expected '0–9' or ','");
        assertThat(misfit(check, original, original + " see above").kind()).isEqualTo(Misfit.Kind.SURPLUS);
        assertThat(misfit(check, original, "").expected()).containsExactly("{\"name\":");
    }

    /** What is told is where the text that was written is wrong, whatever order its members are in. */
    @Test
    void theOrderOfMembersMeansNothing() {
        ConstraintCheck check = new ConstraintCheck(new OutputConstraint.JsonSchema("""
                {"type": "object", "required": ["a", "list"], "properties": {
                   "a": {"type": "integer"},
                   "list": {"type": "array", "items": {"type": "object", "required": ["x", "y"], "properties": {
                      "x": {"type": "string"}, "y": {"type": "integer"}}}}}}""", true));
        String original = "{\"a\": 1, \"list\": []}";
        String other = """
                {
                  "list": [{"y": 1, "x": "} \\" ,"}, {"x": "", "y": 2}, {"y": %s, "x": "z"}],
                  "a": 1
                }""";
        assertThat(check.complete(other.formatted("3"))).isTrue();
        assertThat(check.misfit(original, other.formatted("3"))).isEmpty();
        Misfit wrong = misfit(check, original, other.formatted("true"));
        assertThat(wrong.found()).startsWith("true, \"x\"");
        assertThat(wrong.line()).isEqualTo(2);
        assertThat(misfit(check, original, "{\"list\": []}").expected())
                .as("a is missing")
                .containsExactly("a\":");
        assertThat(check.misfit(original, "{\"list\": [], \"a\": 1, \"b\": 2}")).isPresent();
        assertThat(misfit(check, original, "{\"list\": [, \"a\": 1}").column()).isEqualTo(11);
        assertThat(misfit(check, original, "{\"list\": [],\n \"a\": one}").describe())
                .startsWith("line 2, column 7, after ' \"a\": ': 'one}' cannot stand there");
        assertThat(misfit(check, original, "{\"list\": [], \"a\": 1").kind()).isEqualTo(Misfit.Kind.UNFINISHED);
    }

    @Test
    void whatTheTokenLimitCutOffMayStayCutOff() {
        ConstraintCheck check = schema("{\"type\": \"string\"}");
        assertThat(check.misfit("{\"a\": \"one tw", "{\"a\": \"one")).isEmpty();
        assertThat(check.misfit("{\"a\": \"one tw", "{\"a\": one")).isPresent();
        assertThat(check.misfit("{\"a\": \"one two\"}", "{\"a\": \"one")).isPresent();
    }

    @Test
    void choicesAndExpressionsAreToldByTheLetter() {
        ConstraintCheck choice = new ConstraintCheck(new OutputConstraint.OneOf(List.of("yes", "no", "不确定")));
        assertThat(choice.misfit("yes", "no")).isEmpty();
        assertThat(misfit(choice, "yes", "maybe").describe())
                .isEqualTo("line 1, column 1: 'maybe' cannot stand there; expected 'no' or 'yes' or '不确定'");
        assertThat(misfit(choice, "yes", "yes\n").describe())
                .isEqualTo("line 1, column 4, after 'yes': the text is complete there, '\\n' is too much");
        assertThat(misfit(choice, "yes", "不定").column()).isEqualTo(2);
        ConstraintCheck expression = new ConstraintCheck(new OutputConstraint.Regex("[A-Z]{2}-[0-9]{3}"));
        assertThat(misfit(expression, "AB-123", "ABC").describe())
                .isEqualTo("line 1, column 3, after 'AB': 'C' cannot stand there; expected '-0–9'");
        assertThat(misfit(expression, "AB-123", "ab-123").expected()).isEmpty();
    }

    @Test
    void callsKeepTheirFrameAndTheirArguments() {
        ToolFunction weather = new ToolFunction(
                "weather", "", "{\"type\": \"object\", \"properties\": {\"days\": {\"type\": \"integer\"}}}", true);
        ConstraintCheck check =
                new ConstraintCheck(new OutputConstraint.ToolCalls(List.of(weather), ToolUse.AUTO, false));
        String original = "Let me see.\n" + ToolCallFormat.written("weather", "{\"days\": 1}");
        assertThat(check.misfit(original, "I cannot tell.")).isEmpty();
        assertThat(check.misfit(original, ToolCallFormat.written("weather", "{\"days\": 2}")))
                .isEmpty();
        assertThat(misfit(check, original, ToolCallFormat.written("weather", "{\"days\": two}")))
                .satisfies(wrong -> assertThat(wrong.line()).isEqualTo(2))
                .satisfies(wrong -> assertThat(wrong.found()).isEqualTo("two}}"));
        assertThat(misfit(check, original, ToolCallFormat.written("climate", "{}"))
                        .expected())
                .containsExactly("weather\", \"arguments\": {");
        // An engine of others wrote more digits than our grammar knows: then arguments that are JSON have to do.
        String foreign = ToolCallFormat.written("weather", "{\"days\": 1234567890123456789012}");
        assertThat(check.misfit(foreign, ToolCallFormat.written("weather", "{ \"days\" : 3 }")))
                .isEmpty();
        assertThat(check.misfit(foreign, ToolCallFormat.written("weather", "{ \"days\" : 3 ")))
                .isPresent();
    }
}
