package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
    private static Tokenizer tokenizer;

    @BeforeAll
    static void readTokenizer() throws IOException {
        try (GgufFile file = GgufFile.open(TestModels.path("llama-untied.Q8_0.gguf"))) {
            tokenizer = GgufTokenizers.of(file.metadata());
        }
    }

    @Test
    void neverShowsHalfACharacter() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of());
        List<TextDelta> deltas = push(text, "a😀合é");
        assertThat(deltas).allSatisfy(delta -> assertThat(delta.text()).doesNotContain("\uFFFD"));
        assertThat(joined(deltas)).isEqualTo("a😀合é");
        assertThat(deltas).hasSizeGreaterThan(4);
    }

    @Test
    void anAnswerThatEndsInsideACharacterShowsItsReplacement() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of());
        int[] smiley = tokenizer.encode("😀", false, false);
        assertThat(text.push(smiley[0], null).text()).isEmpty();
        assertThat(text.finish().text()).isEqualTo("\uFFFD");
    }

    @Test
    void cutsAtAStopString() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of("END"));
        assertThat(joined(push(text, "well done END of it"))).isEqualTo("well done ");
        assertThat(text.stopped()).isTrue();
        assertThat(text.finish().text()).isEmpty();
    }

    @Test
    void holdsBackWhatMayBecomeAStopStringAndReleasesItWhenItDoesNot() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of("abcd"));
        assertThat(joined(push(text, "xabc"))).isEqualTo("x");
        assertThat(joined(push(text, "e"))).isEqualTo("abce");
    }

    @Test
    void whatIsHeldBackAtTheEndIsShown() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of("abcd"));
        assertThat(joined(push(text, "xabc"))).isEqualTo("x");
        assertThat(text.finish().text()).isEqualTo("abc");
    }

    @Test
    void theStopStringThatComesFirstCounts() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of("cd", "b", "zz"));
        assertThat(joined(push(text, "abcd"))).isEqualTo("a");
    }

    @Test
    void logprobsGoOutWithTheirTextAndNotForWhatIsCut() {
        AnswerText text = new AnswerText(tokenizer.streamingDecoder(false), List.of("Z!"));
        List<Integer> reported = new ArrayList<>();
        for (int token : tokenizer.encode("a😀Z!", false, false)) {
            TextDelta delta = text.push(token, new TokenLogprob(token, new byte[0], -1, List.of()));
            delta.logprobs().forEach(logprob -> reported.add(logprob.token()));
        }
        int[] shown = tokenizer.encode("a😀", false, false);
        assertThat(reported)
                .containsExactlyElementsOf(
                        java.util.Arrays.stream(shown).boxed().toList());
    }

    private static List<TextDelta> push(AnswerText text, String answer) {
        List<TextDelta> deltas = new ArrayList<>();
        for (int token : tokenizer.encode(answer, false, false)) {
            if (!text.stopped()) {
                deltas.add(text.push(token, null));
            }
        }
        return deltas;
    }

    private static String joined(List<TextDelta> deltas) {
        StringBuilder text = new StringBuilder();
        deltas.forEach(delta -> text.append(delta.text()));
        return text.toString();
    }
}
