package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTokensTest {
    private static JsonTokens read(TextForm form, String text) {
        JsonTokens tokens = new JsonTokens(form);
        for (int to = 1; to <= text.length(); to++) {
            tokens.read(text, form.jsonFrom(text, to), to);
        }
        return tokens;
    }

    /** @param span the text with « and » around the span */
    private static String masked(TextForm form, String span, String mask) {
        int start = span.indexOf('«');
        int end = span.indexOf('»') - 1;
        String text = span.replace("«", "").replace("»", "");
        Edits edits = new Edits();
        read(form, text).masks(start, end, mask).forEach(part -> edits.mask(part.start(), part.end(), part.text()));
        return edits.apply(text, 0, text.length(), 0);
    }

    private static String masked(String span) {
        return masked(TextForm.JSON, span, "X");
    }

    @Test
    void ofStringsTheSpanAndOfOtherValuesTheWhole() {
        assertThat(masked("{\"a\": \"bc«de»f\"}")).isEqualTo("{\"a\": \"bcXf\"}");
        assertThat(masked("{\"«a»\": 1}")).isEqualTo("{\"X\": 1}");
        assertThat(masked("{\"a\": 12«34»5.5e-3}")).isEqualTo("{\"a\": \"X\"}");
        assertThat(masked("[tr«ue»]")).isEqualTo("[\"X\"]");
        assertThat(masked("4«1»")).isEqualTo("\"X\"");
    }

    @Test
    void aSpanOverSeveralValuesMasksEachAndNothingBetween() {
        assertThat(masked("[\"a«b\", \"\", 12, \"c»d\"]")).isEqualTo("[\"aX\", \"\", \"X\", \"Xd\"]");
        assertThat(masked("{«\"a\": [1, {\"b\": null}]»}")).isEqualTo("{\"X\": [\"X\", {\"X\": \"X\"}]}");
    }

    @Test
    void theMaskIsEscapedAndAnEmptyOneTakesTheWordsAway() {
        assertThat(masked(TextForm.JSON, "[\"«a»\", 1]", "say \"x\"\n")).isEqualTo("[\"say \\\"x\\\"\\n\", 1]");
        assertThat(masked(TextForm.JSON, "[\"a«b»\"]", "")).isEqualTo("[\"a\"]");
        assertThat(masked(TextForm.JSON, "[«1»]", "")).isEqualTo("[null]");
    }

    @Test
    void quotesWithinStringsEndNothing() {
        assertThat(masked("[\"a\\\"«b», 1\", 2]")).isEqualTo("[\"a\\\"X, 1\", 2]");
        assertThat(masked("[\"a\\\\\", «2»]")).isEqualTo("[\"a\\\\\", \"X\"]");
    }

    @Test
    void framesOfCallsAreNoValues() {
        String before = "See 1«2. <tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 3»4}}\n</tool_call>";
        assertThat(masked(TextForm.CALLS, before, "X"))
                .isEqualTo("See 1X<tool_call>\n{\"X\": \"X\", \"X\": {\"X\": \"X\"}}\n</tool_call>");
    }

    @Test
    void whatIsNoJsonIsMaskedAsItIs() {
        assertThat(masked(TextForm.VERBATIM, "{\"a\": 1«2»}", "X")).isEqualTo("{\"a\": 1X}");
        assertThat(masked(TextForm.PROSE, "a«b»", "X")).isEqualTo("aX");
        assertThat(masked("{\"a\"«: »1}")).isEqualTo("{\"a\"X1}");
    }

    @Test
    void noBareValueIsCut() {
        JsonTokens tokens = read(TextForm.JSON, "[12, \"34\", 56");
        assertThat(tokens.cut(1)).isEqualTo(1);
        assertThat(tokens.cut(2)).isEqualTo(1);
        assertThat(tokens.cut(3)).as("it may still grow").isEqualTo(1);
        assertThat(tokens.cut(4)).isEqualTo(4);
        assertThat(tokens.cut(7)).as("strings may be cut").isEqualTo(7);
        assertThat(tokens.cut(13)).isEqualTo(11);
    }
}
