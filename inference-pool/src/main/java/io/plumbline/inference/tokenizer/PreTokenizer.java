package io.plumbline.inference.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits text into words across which byte-level BPE never merges. Every expression is applied to the words that the
 * one before it left; what an expression does not match stays a word of its own.
 *
 * <p>The expressions are those of the model families' published tokenizers. Only known ones are accepted: a foreign
 * expression could take exponential time.
 */
enum PreTokenizer {
    /** Radford et al. 2019. */
    GPT2(Expression.GPT2),
    /** Digits one by one, then as GPT-2: SmolLM, StarCoder, Command-R. */
    SINGLE_DIGITS("\\p{N}", Expression.GPT2),
    /** Numbers in groups of three. */
    LLAMA3(Expression.CASELESS_CONTRACTIONS + Expression.LETTERS + "|\\p{N}{1,3}" + Expression.REST),
    /** As Llama 3 with single digits. */
    QWEN2(Expression.CASELESS_CONTRACTIONS + Expression.LETTERS + "|\\p{N}" + Expression.REST),
    /** What llama.cpp does for files that do not name theirs. */
    UNNAMED("[\\p{P}\\$\\+<=>\\^~\\|]+", Expression.GPT2, "\\p{N}+", "[0-9][0-9][0-9]");

    private static final class Expression {
        static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
        static final String CASELESS_CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
        static final String LETTERS = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
        static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    private final List<Pattern> patterns;

    PreTokenizer(String... expressions) {
        patterns = java.util.Arrays.stream(expressions)
                // Without the flag \s would know ASCII only.
                .map(expression -> Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS))
                .toList();
    }

    /** The pre-tokenizer that a GGUF file calls by that name, or empty if it is unknown. */
    static Optional<PreTokenizer> ofGgufName(String name) {
        return switch (name) {
            case "gpt-2", "phi-2", "mpt", "olmo", "dbrx", "roberta-bpe" -> Optional.of(GPT2);
            case "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b" ->
                Optional.of(SINGLE_DIGITS);
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral", "smaug-bpe" -> Optional.of(LLAMA3);
            case "qwen2", "deepseek-r1-qwen", "megrez" -> Optional.of(QWEN2);
            case "default", "" -> Optional.of(UNNAMED);
            default -> Optional.empty();
        };
    }

    /** The pre-tokenizer with exactly that one expression, or empty if it is unknown. */
    static Optional<PreTokenizer> ofExpression(String expression) {
        return java.util.Arrays.stream(values())
                .filter(p -> p.patterns.size() == 1
                        && p.patterns.getFirst().pattern().equals(expression))
                .findFirst();
    }

    /** The words of a text, in order; together they are the text. */
    List<String> split(String text) {
        List<String> words = text.isEmpty() ? List.of() : List.of(text);
        for (Pattern pattern : patterns) {
            List<String> finer = new ArrayList<>(words.size() * 4);
            for (String word : words) {
                split(pattern, word, finer);
            }
            words = finer;
        }
        return words;
    }

    private static void split(Pattern pattern, String text, List<String> words) {
        Matcher matcher = pattern.matcher(text);
        int position = 0;
        while (matcher.find()) {
            if (matcher.end() == matcher.start()) {
                continue;
            }
            if (matcher.start() > position) {
                words.add(text.substring(position, matcher.start()));
            }
            words.add(matcher.group());
            position = matcher.end();
        }
        if (position < text.length()) {
            words.add(text.substring(position));
        }
    }
}
