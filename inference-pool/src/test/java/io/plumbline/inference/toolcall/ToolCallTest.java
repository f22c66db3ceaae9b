package io.plumbline.inference.toolcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.GrammarMatcher;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.RandomAnswer;
import io.plumbline.inference.grammar.TestVocabularies;
import io.plumbline.inference.grammar.TokenVocabulary;
import io.plumbline.inference.pool.OutputConstraint.ToolCalls;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolCallTest {
    private static final ToolFunction WEATHER = new ToolFunction(
            "get_weather",
            "Weather of a city",
            "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\", \"maxLength\": 12}, \"days\":"
                    + " {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 7}}, \"required\": [\"city\"]}",
            true);
    private static final ToolFunction CLOCK = new ToolFunction("clock", "", "", true);

    @Test
    void whatHasToBeCallsIsCalls() throws JsonProcessingException {
        CompiledGrammar grammar = compile(new ToolCalls(List.of(WEATHER, CLOCK), ToolUse.REQUIRED, true));
        Random random = new Random(1);
        int weather = 0;
        for (int i = 0; i < 100; i++) {
            String answer = RandomAnswer.of(grammar, random).orElseThrow();
            List<Call> calls = calls(answer, random);
            assertThat(calls).isNotEmpty();
            StringBuilder again = new StringBuilder();
            for (Call call : calls) {
                JsonNode arguments = new JsonMapper().readTree(call.arguments.toString());
                assertThat(arguments.isObject()).isTrue();
                if (call.name.equals("get_weather")) {
                    weather++;
                    assertThat(arguments.get("city").isTextual()).isTrue();
                    assertThat(arguments.path("days").asInt(1)).isBetween(1, 7);
                } else {
                    assertThat(call.name).isEqualTo("clock");
                }
                again.append(again.isEmpty() ? "" : "\n")
                        .append(ToolCallFormat.written(call.name, call.arguments.toString()));
            }
            assertThat(again).hasToString(answer);
        }
        assertThat(weather).isPositive();
    }

    @Test
    void oneCallIsOneCall() {
        CompiledGrammar grammar = compile(new ToolCalls(List.of(WEATHER), ToolUse.REQUIRED, false));
        Random random = new Random(2);
        for (int i = 0; i < 30; i++) {
            assertThat(calls(RandomAnswer.of(grammar, random).orElseThrow(), random))
                    .hasSize(1);
        }
    }

    @Test
    void textIsFreeUntilTheMarkerAndACallFromThereOn() {
        CompiledGrammar grammar = compile(new ToolCalls(List.of(WEATHER), ToolUse.AUTO, true));
        assertThat(accepts(grammar, "Just text, <tool> and <tool_cal and <<tool_\n{\""))
                .isTrue();
        assertThat(accepts(grammar, "")).isTrue();
        String call = ToolCallFormat.written("get_weather", "{\"city\": \"Paris\"}");
        assertThat(accepts(grammar, "Let me see.\n" + call)).isTrue();
        assertThat(accepts(grammar, "<tool_<tool_call>" + call.substring(11))).isTrue();
        assertThat(accepts(grammar, call + "\n" + call)).isTrue();
        assertThat(accepts(grammar, call + " and more")).isFalse();
        assertThat(accepts(grammar, "<tool_call>")).isFalse();
        assertThat(accepts(grammar, "<tool_call>no")).isFalse();
        assertThat(accepts(grammar, ToolCallFormat.written("other", "{}"))).isFalse();
        assertThat(accepts(grammar, ToolCallFormat.written("get_weather", "{\"days\": 1}")))
                .isFalse();
    }

    private static boolean accepts(CompiledGrammar grammar, String text) {
        GrammarMatcher matcher = grammar.matcher();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int token = 2 + (b & 0xFF);
            if ((matcher.allowed()[token >> 6] >>> token & 1) == 0) {
                return false;
            }
            matcher.accept(token);
        }
        return matcher.isComplete();
    }

    @Test
    void wordsAndCallsAreToldApartHoweverTheTextComes() {
        Random random = new Random(3);
        String text =
                "First \"words\" <tool_ca.\n" + ToolCallFormat.written("get_weather", "{\"city\": \"<tool_call>}\"}")
                        + "\n" + ToolCallFormat.written("clock", "{}");
        for (int i = 0; i < 200; i++) {
            StringBuilder words = new StringBuilder();
            List<Call> calls = new ArrayList<>();
            collect(text, random, words, calls);
            assertThat(words).hasToString("First \"words\" <tool_ca.");
            assertThat(calls).hasSize(2);
            assertThat(calls.get(0).arguments).hasToString("{\"city\": \"<tool_call>}\"}");
            assertThat(calls.get(1).name).isEqualTo("clock");
            assertThat(calls.get(1).arguments).hasToString("{}");
        }
    }

    @Test
    void aCallThatBreaksOffKeepsWhatWasRead() {
        StringBuilder words = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        collect("<tool_call>\n{\"name\": \"clock\", \"arguments\": {\"zone\": \"Eu", new Random(4), words, calls);
        assertThat(words).isEmpty();
        assertThat(calls.getFirst().arguments).hasToString("{\"zone\": \"Eu");
    }

    /** In every form: what the grammar lets a model write becomes calls as the pool's callers know them. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen-like", "llama-like", "mistral-like"})
    void everyFormIsTranslatedHoweverTheTextComes(String family) throws JsonProcessingException {
        ToolCallForm form = TemplateToolCallsTest.form(family);
        boolean several = form.between().isPresent();
        CompiledGrammar grammar = compile(new ToolCalls(List.of(WEATHER, CLOCK), ToolUse.REQUIRED, several), form);
        Random random = new Random(5);
        int most = 0;
        for (int i = 0; i < 100; i++) {
            String answer = RandomAnswer.of(grammar, random).orElseThrow();
            assertThat(answer).startsWith(form.open()).endsWith(form.end());
            List<Call> calls = calls(translated(answer, form, random), random);
            most = Math.max(most, calls.size());
            StringBuilder again = new StringBuilder(form.open());
            for (Call call : calls) {
                assertThat(new JsonMapper().readTree(call.arguments.toString()).isObject())
                        .isTrue();
                again.append(call == calls.getFirst() ? "" : form.between().orElseThrow());
                again.append(call.name).append(form.beforeArguments()).append(call.arguments);
            }
            assertThat(again.append(form.end())).hasToString(answer);
        }
        assertThat(most).isGreaterThanOrEqualTo(several ? 2 : 1);
    }

    @Test
    void wordsComeBeforeATagAndStayWords() {
        ToolCallForm form = TemplateToolCallsTest.form("mistral-like");
        CompiledGrammar grammar = compile(new ToolCalls(List.of(WEATHER), ToolUse.AUTO, true), form);
        String answer = "Let me see [TOOL] {\"name\": \"x\"}"
                + "[TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\": {\"city\": \"]}\\\"{\"}, \"id\": \"call00000\"}]";
        assertThat(accepts(grammar, answer)).isTrue();
        assertThat(accepts(grammar, answer + " ")).isFalse();
        Random random = new Random(6);
        for (int i = 0; i < 100; i++) {
            StringBuilder words = new StringBuilder();
            List<Call> calls = new ArrayList<>();
            collect(translated(answer, form, random), random, words, calls);
            assertThat(words).hasToString("Let me see [TOOL] {\"name\": \"x\"}");
            assertThat(calls).hasSize(1);
            assertThat(calls.getFirst().arguments).hasToString("{\"city\": \"]}\\\"{\"}");
        }
    }

    @Test
    void withoutATagAnAnswerIsACallFromItsFirstCharacterOrWords() {
        ToolCallForm form = TemplateToolCallsTest.form("llama-like");
        CompiledGrammar grammar = compile(new ToolCalls(List.of(WEATHER), ToolUse.AUTO, false), form);
        String call = "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}";
        assertThat(accepts(grammar, call)).isTrue();
        assertThat(accepts(grammar, call + " and more")).isFalse();
        assertThat(accepts(grammar, "{\"name\": \"other")).isFalse();
        Random random = new Random(7);
        for (String words :
                List.of("", "{\"na", "{\"names\": 1}", "So: " + call, "{ {\"name\": \"x\", \"parameters\": {}}")) {
            assertThat(accepts(grammar, words)).as(words).isTrue();
            assertThat(translated(words, form, random)).isEqualTo(words);
        }
        assertThat(translated(call, form, random))
                .isEqualTo(ToolCallFormat.written("get_weather", "{\"city\": \"Paris\"}"));
    }

    @Test
    void whatBreaksOffInAnyFormKeepsWhatWasRead() {
        ToolCallForm form = TemplateToolCallsTest.form("mistral-like");
        String call = "[TOOL_CALLS][{\"name\": \"clock\", \"arguments\": {\"zone\": \"Eu";
        Random random = new Random(8);
        assertThat(translated(call, form, random))
                .isEqualTo("<tool_call>\n{\"name\": \"clock\", \"arguments\": {\"zone\": \"Eu");
        assertThat(translated("[TOOL_CALLS][{\"name\": \"clo", form, random))
                .isEqualTo("<tool_call>\n{\"name\": \"clo");
        assertThat(translated("Well, [TOOL_CAL", form, random)).isEqualTo("Well, [TOOL_CAL");
        assertThat(translated(call + "\"}, \"id\": \"ca", form, random))
                .isEqualTo(ToolCallFormat.written("clock", "{\"zone\": \"Eu\"}"));
    }

    private static String translated(String text, ToolCallForm form, Random random) {
        ToolCallTranslator translator = new ToolCallTranslator(form);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(9));
            out.append(translator.push(text.substring(at, end)));
            at = end;
        }
        return out.append(translator.finish()).toString();
    }

    @Test
    void parametersThatCannotBeGuaranteedNameTheirFunction() {
        ToolFunction strange = new ToolFunction("strange", "", "{\"type\": \"object\", \"not\": {}}", true);
        assertThatThrownBy(() -> compile(new ToolCalls(List.of(CLOCK, strange), ToolUse.AUTO, true)))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining("Function 'strange': The schema cannot be guaranteed. #: 'not' is not supported");
    }

    private static final class Call {
        private final String name;
        private final StringBuilder arguments = new StringBuilder();

        Call(String name) {
            this.name = name;
        }
    }

    private static List<Call> calls(String text, Random random) {
        StringBuilder words = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        collect(text, random, words, calls);
        assertThat(words).isEmpty();
        return calls;
    }

    private static void collect(String text, Random random, StringBuilder words, List<Call> calls) {
        ToolCallReader reader = new ToolCallReader();
        List<AnswerPart> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(12));
            parts.addAll(reader.push(text.substring(at, end)));
            at = end;
        }
        parts.addAll(reader.finish());
        for (AnswerPart part : parts) {
            switch (part) {
                case AnswerPart.Words(String said) -> words.append(said);
                case AnswerPart.CallBegins(int index, String name) -> {
                    assertThat(index).isEqualTo(calls.size());
                    calls.add(new Call(name));
                }
                case AnswerPart.Arguments(int index, String more) ->
                    calls.get(index).arguments.append(more);
            }
        }
    }

    private static CompiledGrammar compile(ToolCalls constraint) {
        return compile(constraint, ToolCallForm.HERMES);
    }

    private static CompiledGrammar compile(ToolCalls constraint, ToolCallForm form) {
        TokenVocabulary vocabulary = TestVocabularies.small();
        return new CompiledGrammar(ToolCallGrammar.of(constraint, form), vocabulary, GrammarLimits.defaults());
    }
}
