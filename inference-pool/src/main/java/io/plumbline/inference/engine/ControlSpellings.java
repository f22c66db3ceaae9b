package io.plumbline.inference.engine;

import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.tokenizer.TokenKind;
import io.plumbline.inference.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps control tokens that somebody spells out in a conversation plain text: such spellings pass through the template as
 * characters of the private use area and are tokenised apart. Thread-safe.
 */
final class ControlSpellings {
    private static final int FIRST_PRIVATE_USE = 0xE000;
    private static final int LAST_PRIVATE_USE = 0xF8FF;

    private final Tokenizer tokenizer;
    private final Set<String> spellings = new HashSet<>();
    private final int[] lengths;

    /**
     * What a template may see.
     *
     * @param variables with a character in place of every control spelling
     * @param standIns that character by spelling
     */
    record Disguised(Map<String, @Nullable Object> variables, Map<String, Character> standIns) {}

    ControlSpellings(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        for (int token = 0; token < tokenizer.size(); token++) {
            if (tokenizer.kind(token) == TokenKind.CONTROL) {
                spellings.add(tokenizer.spelling(token));
            }
        }
        this.lengths =
                spellings.stream().mapToInt(String::length).distinct().sorted().toArray();
    }

    /** The control tokens as they are spelled. */
    Set<String> all() {
        return spellings;
    }

    /**
     * Takes control spellings out of every text in a template's variables, names of entries too.
     *
     * @throws InferenceException.InvalidPrompt if there are too many of them
     */
    Disguised disguise(Map<String, @Nullable Object> variables) {
        List<String> texts = new ArrayList<>();
        collect(variables, texts);
        Map<String, Character> standIns = standIns(texts);
        if (standIns.isEmpty()) {
            return new Disguised(variables, standIns);
        }
        Map<String, @Nullable Object> harmless = new LinkedHashMap<>();
        variables.forEach((name, value) -> harmless.put(name, replaced(value, standIns)));
        return new Disguised(harmless, standIns);
    }

    /** The tokens of a rendered text, in which what stands in for spellings becomes plain text again. */
    int[] tokenise(String rendered, Map<String, Character> standIns) {
        if (standIns.isEmpty()) {
            return tokenizer.encode(rendered, true, false);
        }
        IntStream tokens = IntStream.empty();
        int start = 0;
        for (int i = 0; i < rendered.length(); i++) {
            Optional<String> spelling = spelling(rendered.charAt(i), standIns);
            if (spelling.isPresent()) {
                tokens = IntStream.concat(
                        tokens, Arrays.stream(tokenizer.encode(rendered.substring(start, i), true, false)));
                tokens = IntStream.concat(tokens, Arrays.stream(tokenizer.encode(spelling.get(), false, false)));
                start = i + 1;
            }
        }
        return IntStream.concat(tokens, Arrays.stream(tokenizer.encode(rendered.substring(start), true, false)))
                .toArray();
    }

    private static Optional<String> spelling(char character, Map<String, Character> standIns) {
        return standIns.entrySet().stream()
                .filter(entry -> entry.getValue() == character)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static void collect(@Nullable Object value, List<String> texts) {
        switch (value) {
            case String text -> texts.add(text);
            case List<?> items -> items.forEach(item -> collect(item, texts));
            case Map<?, ?> entries ->
                entries.forEach((name, entry) -> {
                    collect(name, texts);
                    collect(entry, texts);
                });
            case null, default -> {
                // Numbers and truth values spell out nothing.
            }
        }
    }

    private @Nullable Object replaced(@Nullable Object value, Map<String, Character> standIns) {
        return switch (value) {
            case String text -> replaced(text, standIns);
            case List<?> items ->
                items.stream().map(item -> replaced((Object) item, standIns)).toList();
            case Map<?, ?> entries -> {
                Map<String, @Nullable Object> harmless = new LinkedHashMap<>();
                entries.forEach((name, entry) ->
                        harmless.put(replaced(String.valueOf(name), standIns), replaced((Object) entry, standIns)));
                yield harmless;
            }
            case null, default -> value;
        };
    }

    /** Gives every control spelling in the texts a character that occurs in none of them. */
    private Map<String, Character> standIns(List<String> texts) {
        Map<String, Character> standIns = new LinkedHashMap<>();
        int next = FIRST_PRIVATE_USE;
        for (String text : texts) {
            for (int i = 0; i < text.length(); i++) {
                Optional<String> found = controlAt(text, i);
                if (found.isEmpty() || standIns.containsKey(found.get())) {
                    continue;
                }
                while (occurs((char) next, texts)) {
                    next++;
                }
                if (next > LAST_PRIVATE_USE) {
                    throw new InferenceException.InvalidPrompt(
                            "The messages spell out too many control tokens; remove them.");
                }
                standIns.put(found.get(), (char) next++);
            }
        }
        return standIns;
    }

    private String replaced(String content, Map<String, Character> standIns) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < content.length()) {
            Optional<String> control = controlAt(content, i);
            if (control.isPresent()) {
                text.append(standIns.get(control.get()));
                i += control.get().length();
            } else {
                text.append(content.charAt(i++));
            }
        }
        return text.toString();
    }

    /** The longest control spelling at a position. */
    private Optional<String> controlAt(String content, int at) {
        for (int i = lengths.length - 1; i >= 0; i--) {
            int end = at + lengths[i];
            if (end <= content.length() && spellings.contains(content.substring(at, end))) {
                return Optional.of(content.substring(at, end));
            }
        }
        return Optional.empty();
    }

    private static boolean occurs(char character, List<String> texts) {
        return texts.stream().anyMatch(text -> text.indexOf(character) >= 0);
    }
}
