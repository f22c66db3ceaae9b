package io.plumbline.inference.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.RandomAnswer;
import io.plumbline.inference.grammar.TestVocabularies;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out matches, as Java's engine judges. */
class RegexParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[A-Z]{3}-\\d{4}",
                "(yes|no|maybe)",
                "^a+b*$",
                "日本[語国]?",
                "[^a-y\\s]{1,5}",
                "\\w+(?:\\.\\w+)*@(?<host>x|y)\\.com",
                "(\\+\\d{1,3} )?\\d{3}[- ]?\\d{4}",
                ".{3,9}",
                "\\S+ \\S+",
                "[\\w.-]{1,8}",
                "[a\\-z\\]\\\\]+",
                "\\x41\\u0042\\t\\.\\*\\/",
                "a{2,}?b??",
                "|abc|",
                "[^\\d\\n]{4}",
                "\\D\\W\\D",
                "\\{\"a\": \\[(\\d(, \\d)*)?\\]\\}",
            })
    void matches(String expression) {
        CompiledGrammar grammar = new CompiledGrammar(
                Grammar.of(RegexParser.wholeMatch(expression, CharacterSpelling.PLAIN)),
                TestVocabularies.small(),
                GrammarLimits.defaults());
        Pattern pattern = Pattern.compile(expression);
        Random random = new Random(4);
        int finished = 0;
        for (int i = 0; i < 50; i++) {
            Optional<String> text = RandomAnswer.of(grammar, random);
            if (text.isPresent()) {
                finished++;
                assertThat(pattern.matcher(text.get()).matches())
                        .as("'%s'", text.get())
                        .isTrue();
            }
        }
        assertThat(finished).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a(b ~ lacks a ')'",
                "a)b ~ has a ')' without '('",
                "[ab ~ lacks a ']'",
                "[b-a] ~ wrong range",
                "[] ~ empty class",
                "a** ~ two quantifiers in a row",
                "a++ ~ two quantifiers in a row",
                "*a ~ where something to match is expected",
                "a{3,2} ~ wrong quantifier",
                "a{99999} ~ at most 10000",
                "(?<!a)b ~ lookaround",
                "(?i)a ~ lookaround, flags",
                "\\bword ~ word boundaries are not supported",
                "(a)\\1 ~ uses \\1",
                "\\p{L} ~ uses \\p",
                "a^b ~ anchors stand at the ends",
                "a$b ~ anchors stand at the ends",
                "(^a) ~ has '^'",
                "(a$) ~ '$' within a group",
                "\\u12 ~ ends within an escape",
                "\\xZZ ~ hexadecimal digits",
                "[a[b]] ~ dialects read differently",
                "a\\ ~ ends too early",
            })
    void whatIsNotUnderstoodIsNamed(String expression, String message) {
        assertThatThrownBy(() -> RegexParser.wholeMatch(expression.strip(), CharacterSpelling.PLAIN))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining(message.strip());
    }
}
