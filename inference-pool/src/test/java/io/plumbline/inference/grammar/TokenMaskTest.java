package io.plumbline.inference.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.grammar.regex.CharacterSpelling;
import io.plumbline.inference.grammar.regex.RegexParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks against the definition: a token may come if some text of the language goes on like that. */
class TokenMaskTest {
    /** Java's engine says of a text whether more input could still make it match: an independent oracle. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "a*b+c?",
                "(ab|abc|xyz)+",
                "[a-c]{2,5}",
                "(a|b)*abc",
                "true|false|null|tru",
                "(true|false)(,(true|false)){0,3}",
                "-?(0|[1-9][0-9]*)(\\.[0-9]+)?",
                "\"[^\"\\\\]*\"",
                "\"[^\"\\\\]{3,7}\"",
                "[\\w ]+@[a-z]+\\.com",
                ".*abc.{3}",
                "(a?){8}a{8}",
                "[\\x20-\\x7e]{0,40}",
            })
    void isWhatRegexEngineSays(String expression) {
        List<byte[]> texts = TestVocabularies.texts().stream()
                .map(text -> isAscii(text) ? text : new byte[0])
                .toList();
        TokenVocabulary vocabulary = new TokenVocabulary(texts, new int[] {TestVocabularies.END});
        CompiledGrammar grammar = compile(RegexParser.wholeMatch(expression, CharacterSpelling.PLAIN), vocabulary);
        Pattern pattern = Pattern.compile(expression);
        Random random = new Random(1);
        for (int answer = 0; answer < 15; answer++) {
            GrammarMatcher matcher = grammar.matcher();
            String text = "";
            for (int i = 0; i < 25; i++) {
                List<Integer> expected = new ArrayList<>();
                for (int token = 0; token < texts.size(); token++) {
                    String piece = new String(texts.get(token), StandardCharsets.US_ASCII);
                    boolean may = token == TestVocabularies.END
                            ? pattern.matcher(text).matches()
                            : !piece.isEmpty() && goesOn(pattern.matcher(text + piece));
                    if (may) {
                        expected.add(token);
                    }
                }
                assertThat(tokens(matcher.allowed())).as("after '%s'", text).isEqualTo(expected);
                int chosen = expected.get(random.nextInt(expected.size()));
                if (chosen == TestVocabularies.END || matcher.isFinal()) {
                    break;
                }
                matcher.accept(chosen);
                text += new String(texts.get(chosen), StandardCharsets.US_ASCII);
            }
        }
    }

    private static boolean goesOn(Matcher matcher) {
        return matcher.matches() || matcher.hitEnd();
    }

    private static boolean isAscii(byte[] text) {
        for (byte b : text) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /** Slices, tries and shared masks are short cuts: token by token, from the beginning, comes to the same. */
    @Test
    void shortCutsChangeNothing() {
        Random random = new Random(2);
        TokenVocabulary vocabulary = TestVocabularies.random(2000, random);
        Node character = CodePoints.ALL.minus(CodePoints.of("\"")).utf8();
        Node quoted = Node.sequence(Node.literal("\""), Node.repeat(character, 2, 30), Node.literal("\""));
        Node list = Node.sequence(
                Node.literal("["),
                quoted,
                Node.repeat(Node.sequence(Node.literal(", "), quoted), 0, 4),
                Node.literal("]"));
        CompiledGrammar grammar = compile(list, vocabulary);
        Automaton fresh = new Automaton(Grammar.of(list), GrammarLimits.defaults());
        for (int answer = 0; answer < 20; answer++) {
            GrammarMatcher matcher = grammar.matcher();
            State state = fresh.start();
            while (!matcher.isFinal()) {
                List<Integer> expected = new ArrayList<>();
                for (int token = 0; token < vocabulary.size(); token++) {
                    State after = run(fresh, state, vocabulary.text(token));
                    boolean end = vocabulary.isEnd(token) && state.accepting;
                    if (end || (vocabulary.text(token).length > 0 && !after.isRejected())) {
                        expected.add(token);
                    }
                }
                assertThat(tokens(matcher.allowed())).isEqualTo(expected);
                int chosen = expected.get(random.nextInt(expected.size()));
                matcher.accept(chosen);
                state = run(fresh, state, vocabulary.text(chosen));
            }
        }
    }

    private static State run(Automaton automaton, State from, byte[] text) {
        State state = from;
        for (byte b : text) {
            state = automaton.next(state, b & 0xFF);
        }
        return state;
    }

    @Test
    void charactersMayBeSplitOverTokens() {
        TokenVocabulary vocabulary = TestVocabularies.small();
        CompiledGrammar grammar = compile(Node.repeat(CodePoints.of("🙂日").utf8(), 1, 2), vocabulary);
        GrammarMatcher matcher = grammar.matcher();
        matcher.accept(2 + 0xF0);
        assertThat(tokens(matcher.allowed())).containsExactly(2 + 0x9F);
        matcher.accept(2 + 0x9F);
        assertThat(tokens(matcher.allowed()).stream().map(vocabulary::text).map(text -> text.length))
                .containsExactly(1, 2); // the third byte, or the third and the fourth in one token
        assertThat(matcher.isComplete()).isFalse();
    }

    @Test
    void everyCharacterAndNoneElse() {
        CodePoints set = CodePoints.range(0x20, 0x2FFF)
                .or(CodePoints.range(0xE123, 0x1F642))
                .minus(CodePoints.of("aé日"));
        Automaton automaton = new Automaton(Grammar.of(set.utf8()), GrammarLimits.defaults());
        State start = automaton.start();
        for (int c = 0; c <= 0x10FFFF; c++) {
            if (Character.getType(c) != Character.SURROGATE) {
                byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                boolean expected = c != 'a'
                        && c != 'é'
                        && c != '日'
                        && ((c >= 0x20 && c <= 0x2FFF) || (c >= 0xE123 && c <= 0x1F642));
                if (run(automaton, start, bytes).isFinal() != expected) {
                    throw new AssertionError("U+%04X".formatted(c));
                }
            }
        }
        assertThat(run(automaton, start, new byte[] {(byte) 0xED, (byte) 0xA0}).isRejected())
                .as("a surrogate")
                .isTrue();
    }

    @Test
    void forgettingChangesNothing() {
        GrammarLimits tight = new GrammarLimits(10_000, 100, 64, 1000, 1_000_000, 20, 10_000);
        TokenVocabulary vocabulary = TestVocabularies.small();
        Node node = RegexParser.wholeMatch("([a-c]{3,9} [0-9]{1,4}; ){2,6}", CharacterSpelling.PLAIN);
        CompiledGrammar forgetful = new CompiledGrammar(Grammar.of(node), vocabulary, tight);
        CompiledGrammar grammar = compile(node, vocabulary);
        Random random = new Random(3);
        for (int answer = 0; answer < 10; answer++) {
            GrammarMatcher a = forgetful.matcher();
            GrammarMatcher b = grammar.matcher();
            while (!b.isFinal() && !a.isFinal()) {
                assertThat(a.allowed()).isEqualTo(b.allowed());
                List<Integer> tokens = tokens(b.allowed());
                int chosen = tokens.get(random.nextInt(tokens.size()));
                if (chosen == TestVocabularies.END) {
                    break;
                }
                a.accept(chosen);
                b.accept(chosen);
            }
            assertThat(a.isFinal()).isEqualTo(b.isFinal());
        }
    }

    @Test
    void aVocabularyThatCannotGoOnIsNamed() {
        TokenVocabulary vocabulary =
                new TokenVocabulary(List.of(new byte[0], "ab".getBytes(StandardCharsets.UTF_8)), new int[] {0});
        GrammarMatcher matcher = compile(Node.literal("abc"), vocabulary).matcher();
        matcher.accept(1);
        assertThatThrownBy(matcher::allowed)
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining("vocabulary has no token");
    }

    @Test
    void aTokenThatMayNotComeIsRefused() {
        GrammarMatcher matcher =
                compile(Node.literal("true"), TestVocabularies.small()).matcher();
        assertThatThrownBy(() -> matcher.accept(2 + 'x')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> matcher.accept(TestVocabularies.END)).isInstanceOf(IllegalArgumentException.class);
    }

    private static CompiledGrammar compile(Node node, TokenVocabulary vocabulary) {
        return new CompiledGrammar(Grammar.of(node), vocabulary, GrammarLimits.defaults());
    }

    private static List<Integer> tokens(long[] bits) {
        return java.util.BitSet.valueOf(bits).stream().boxed().toList();
    }
}
