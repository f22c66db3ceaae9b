package io.plumbline.compliance.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormaliserTest {
    private static Match find(String text, View view, String wanted) {
        Sentence sentence = Sentences.whole(text);
        int at = sentence.view(view).indexOf(wanted);
        assertThat(at).as("'%s' in '%s'", wanted, sentence.view(view)).isNotNegative();
        return sentence.match(view, at, at + wanted.length());
    }

    private static String path(String text, View view, String wanted) {
        return NormalisationStep.path(find(text, view, wanted).steps());
    }

    private static String source(String text, View view, String wanted) {
        Match match = find(text, view, wanted);
        return text.substring(match.start(), match.end());
    }

    @ParameterizedTest
    @CsvSource({
        "保本保息, 保本保息, ''",
        "ＡＢＣ１２３, abc123, 'nfkc,case'",
        "保​本保息, 保本保息, invisible",
        "guаrаntееd, guaranteed, look-alike",
        "剛性兌付, 刚性兑付, simplified",
        "保 本*保_息, 保本保息, separators",
        "g u a r a n t e e d, guaranteed, split",
        "Guaranteed, guaranteed, case",
    })
    void eachStepIsRecorded(String text, String wanted, String path) {
        assertThat(path(text, View.TEXT, wanted)).isEqualTo(path);
        assertThat(source(text, View.TEXT, wanted)).isEqualTo(text);
    }

    @Test
    void chineseNumeralsAreDigitsInTheDigitsViewOnly() {
        assertThat(path("号码一二三〇五", View.DIGITS, "12305")).isEqualTo("digits");
        assertThat(Sentences.whole("一定赚钱").text()).isEqualTo("一定赚钱");
    }

    @Test
    void spansPointToTheOriginal() {
        String text = "前言😀 ﬁne e\u0301 ①②③ 號碼１２３ end";
        assertThat(source(text, View.EXACT, "fine")).isEqualTo("ﬁne");
        assertThat(source(text, View.EXACT, "é")).isEqualTo("e\u0301");
        assertThat(source(text, View.DIGITS, "号码123")).isEqualTo("號碼１２３");
        assertThat(source(text, View.EXACT, "123")).isEqualTo("①②③");
    }

    @Test
    void wordsAreNotJoinedAcrossRealWords() {
        assertThat(Sentences.whole("I have a dog and b cats").text()).isEqualTo("i have a dog and b cats");
        assertThat(Sentences.whole("well-known   risk - free").text()).isEqualTo("well-known risk - free");
    }

    @Test
    void everyCharacterOfAViewHasASourceRangeInOrder() {
        Random random = new Random(11);
        String alphabet = "aB1 \u3000\u200b\u0301ﬁ①Å兌😀𝟒е。.\n!?;5é\ud83d\ude00\ud83d";
        for (int round = 0; round < 2_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            NormalisedText normal = Normaliser.normalise(text.toString());
            assertThat(normal.exact()).hasSameSizeAs(normal.folded());
            assertThat(normal.digits()).hasSameSizeAs(normal.folded());
            for (int i = 0; i < normal.length(); i++) {
                assertThat(normal.ends()[i]).isGreaterThan(normal.starts()[i]).isLessThanOrEqualTo(text.length());
                assertThat(i == 0 || normal.starts()[i] >= normal.starts()[i - 1])
                        .isTrue();
            }
            String joined = String.join(
                    "",
                    Sentences.of(text.toString(), 0, true).stream()
                            .map(Sentence::raw)
                            .toList());
            assertThat(joined).isEqualTo(text.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "一句。两句！三句|3",
                "Dr. Smith paid 3.5 dollars. Then he left.|2",
                "See https://example.com/a?b=c&d. Next one|2",
                "保本；保息|1",
                "Really? Yes! Fine|3",
                "e.g. this one|1",
            })
    void sentencesEndWhereReadersEndThem(String text, int count) {
        assertThat(Sentences.of(text, 0, true)).hasSize(count);
    }

    @Test
    void aNumberOverTwoLinesStaysInOneSentence() {
        assertThat(Sentences.of("110105 19491231\n002X", 0, true)).hasSize(1);
        assertThat(Sentences.of("line one\nline two", 0, true)).hasSize(2);
        assertThat(Sentences.of("total 15\n\n20 items", 0, true)).hasSize(2);
        assertThat(Sentences.of("QUtJQVEzRUdSVFhVNUo3S0xNMk4QUtJQVEzRUdSVFhV\nNUo3S0xNMk4=", 0, true))
                .hasSize(1);
    }

    @Test
    void decodesTwoLevelsAndLeavesHashesClosed() {
        // base64(hex("hello hidden world")) and a SHA-1
        String hex = "68656c6c6f2068696464656e20776f726c64";
        String twice = Base64.getEncoder().encodeToString(hex.getBytes(StandardCharsets.US_ASCII));
        List<String> texts = EncodedRuns.in(Sentences.whole("see " + twice)).stream()
                .map(Decoded::text)
                .toList();
        assertThat(texts).contains(hex, "hello hidden world");
        assertThat(EncodedRuns.in(Sentences.whole("3f786850e387550fdab836ed7e6dc881de23001b")))
                .isEmpty();
        assertThat(EncodedRuns.in(Sentences.whole("an ordinary sentence with internationalisation in it")))
                .isEmpty();
    }
}
