package io.plumbline.compliance.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEscapesTest {
    private static String meant(String text) {
        return Normaliser.normalise(text, 0).exact();
    }

    @Test
    void everyEscapeIsItsCharacter() {
        assertThat(meant("\\\"\\\\\\/\\b\\f\\n\\r\\t")).isEqualTo("\"\\/\b\f\n\r\t");
        assertThat(meant("\\u0041\\u4F60\\ud83d\\ude00")).isEqualTo("A你😀");
        assertThat(meant("\\uff21\\u200b1")).as("the other steps follow").isEqualTo("A1");
    }

    @Test
    void whatEscapesNothingStays() {
        assertThat(meant("\\x\\u00g0\\")).isEqualTo("\\x\\u00g0\\");
        assertThat(Normaliser.normalise("\\n\\n", 2).exact()).isEqualTo("\\n\n");
        assertThat(Normaliser.normalise("\\n").exact()).isEqualTo("\\n");
    }

    @Test
    void aCharacterComesFromItsWholeEscape() {
        NormalisedText normal = Normaliser.normalise("a\\u0062\\nc", 0);
        assertThat(normal.starts()).startsWith(0, 1, 7, 9);
        assertThat(normal.ends()).startsWith(1, 7, 9, 10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\u", "\\u00", "\\u004", "\\ud83d", "\\ud83d\\", "\\ud83d\\ude0"})
    void aCutEscapeIsLeftForLater(String cut) {
        String text = "ab\\\\" + cut;
        assertThat(JsonEscapes.whole(text, 0, text.length())).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\n", "\\u0041", "\\ud83dx", "\\ud83d\\n", "\\ud83d\\ude00", "\\x", "\\u00g"})
    void wholeEscapesAreNot(String whole) {
        String text = "ab\\\\" + whole;
        assertThat(JsonEscapes.whole(text, 0, text.length())).isEqualTo(text.length());
        assertThat(JsonEscapes.whole(text, JsonEscapes.NONE, text.length())).isEqualTo(text.length());
    }
}
