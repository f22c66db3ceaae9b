package io.plumbline.compliance.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhrasesTest {
    /** The slow search that the automaton must agree with. */
    private static Set<String> naive(List<String> words, String text) {
        Set<String> hits = new HashSet<>();
        for (String word : words) {
            for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
                hits.add(at + "-" + (at + word.length()));
            }
        }
        return hits;
    }

    @Test
    void theAutomatonFindsWhatTheNaiveSearchFinds() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                words.add(word(random, 1 + random.nextInt(5)));
            }
            String text = word(random, 60);
            Set<String> hits = new HashSet<>();
            new AhoCorasick(words).search(text, (start, end) -> hits.add(start + "-" + end) || true);
            assertThat(hits).as("%s in %s", words, text).isEqualTo(naive(words, text));
        }
    }

    private static String word(Random random, int length) {
        var word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append("ab保本\u0000".charAt(random.nextInt(5)));
        }
        return word.toString();
    }

    @Test
    void latinKeywordsMatchWholeWordsOnly() {
        Phrases phrases = Phrases.of(List.of("rate", "保本"), List.of(), List.of());
        assertThat(phrases.in("the rate is")).isTrue();
        assertThat(phrases.in("separate moderate rates")).isFalse();
        assertThat(phrases.in("不保本的")).isTrue();
    }

    @Test
    void rangesInsideAnotherAreDropped() {
        Phrases phrases = Phrases.of(List.of("保本", "保本保息", "本保"), List.of(), List.of());
        assertThat(phrases.ranges("x保本保息保本")).containsExactly(new int[] {1, 5}, new int[] {5, 7});
    }

    @Test
    void anExpressionMatchesTheSameWhereverTheSearchBegins() {
        Phrases phrases = Phrases.of(List.of(), List.of("a.{0,3}b"), List.of());
        List<int[]> whole = phrases.ranges("zab_ab");
        List<int[]> tail = phrases.ranges("ab_ab");
        assertThat(whole.stream().map(range -> range[0] - 1 + "," + (range[1] - 1)))
                .containsExactlyElementsOf(
                        tail.stream().map(range -> range[0] + "," + range[1]).toList());
    }

    @Test
    void onlyLinearExpressionsAreAccepted() {
        assertThatThrownBy(() -> Phrases.of(List.of(), List.of("(a)\\1"), List.of()))
                .isInstanceOf(com.google.re2j.PatternSyntaxException.class);
        assertThatThrownBy(() -> Phrases.of(List.of(), List.of("a(?=b)"), List.of()))
                .isInstanceOf(com.google.re2j.PatternSyntaxException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc 3",
                "a|bcd 3",
                "(?:ab){2,3}c 7",
                "[abc]{4} 8",
                "(?P<hit>ab)?\\bx 3",
                "a.{0,5}b 12",
                "\\p{Han}\\d 3",
                "(?i)ab$ 2",
                "[^\\]x]y 3",
            })
    void longestMatchOfAnExpression(String pattern, int length) {
        assertThat(PatternLength.max(pattern)).isEqualTo(length);
    }

    @Test
    void anOpenExpressionHasNoBound() {
        assertThat(List.of("a*", "x(?:ab)+", "a{2,}", "(a|b*)c"))
                .allMatch(p -> PatternLength.max(p) == PatternLength.UNBOUNDED);
    }
}
