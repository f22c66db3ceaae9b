package io.plumbline.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpellingsTest {
    @Test
    void findsWhatAMapFinds() {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 2, 3, 4, 5, 8, 9, 1000, 4096, 4097}) {
            List<String> texts = new ArrayList<>();
            Map<String, Integer> first = new HashMap<>();
            for (int number = 0; number < size; number++) {
                texts.add(text(random));
                first.putIfAbsent(texts.get(number), number);
            }
            Spellings spellings = Spellings.of(texts);
            assertThat(spellings.size()).isEqualTo(size);
            for (int number = 0; number < size; number++) {
                String text = texts.get(number);
                assertThat(spellings.text(number)).isEqualTo(text);
                assertThat(spellings.length(number)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
                assertThat(spellings.find(text)).isEqualTo(first.get(text));
                assertThat(spellings.all(text).toArray()).contains(number).isSorted();
            }
            for (int i = 0; i < 1000; i++) {
                String text = text(random);
                assertThat(spellings.find(text)).isEqualTo(first.getOrDefault(text, Spellings.NONE));
            }
        }
    }

    @Test
    void theEmptyTextIsATextLikeAnyOther() {
        assertThat(Spellings.of(List.of("a", "", "")).find("")).isEqualTo(1);
        assertThat(Spellings.of(List.of("a")).find("")).isEqualTo(Spellings.NONE);
        assertThat(Spellings.of(List.of()).longest()).isZero();
    }

    @Test
    void halfACharacterIsNotAQuestionMark() {
        Spellings spellings = Spellings.of(List.of("?", "😀"));
        assertThat(spellings.find("😀")).isEqualTo(1);
        assertThat(spellings.find("\uD83D")).isEqualTo(Spellings.NONE);
        assertThat(spellings.find("\uDE00")).isEqualTo(Spellings.NONE);
        assertThat(spellings.find("\uD83D?")).isEqualTo(Spellings.NONE);
    }

    @Test
    void bytesThatAreNoTextAreFoundAsBytes() {
        byte[] malformed = {(byte) 0xE4, (byte) 0xBD};
        Spellings spellings = new Spellings.Builder(2)
                .add("x".getBytes(StandardCharsets.UTF_8), 1)
                .add(malformed, malformed.length)
                .build();
        assertThat(spellings.find(malformed)).isEqualTo(1);
        assertThat(spellings.text(1)).isEqualTo("\uFFFD");
        assertThat(spellings.longest()).isEqualTo(2);
    }

    @Test
    void aTableIsNotBuiltOfLessThanWasAnnounced() {
        Spellings.Builder builder = new Spellings.Builder(2).add(new byte[0], 0);
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
    }

    /** Short, so that many are alike and many are missing. */
    private static String text(Random random) {
        String alphabet = "ab?é你😀";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())));
            text.appendCodePoint(alphabet.codePointAt(at));
        }
        return text.toString();
    }
}
