package io.plumbline.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Normaliser and pre-tokenizer of a {@code tokenizer.json} with a unigram model: what converters make of SentencePiece
 * models. It comes close to {@link SentencePieceText} but not to every combining mark and space; tokens are those of the
 * tokenizers library, as the file's model expects them.
 */
final class HuggingFaceText implements UnigramText {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final Pattern WORD = Pattern.compile("\\P{IsWhite_Space}+");
    private static final Pattern RUN_OF_SPACES = Pattern.compile(" {2,}");
    private static final Pattern SPACE_IN_FRONT = Pattern.compile("^\\p{IsWhite_Space}+");
    private static final Pattern SPACE_BEHIND = Pattern.compile("\\p{IsWhite_Space}+$");

    /** Graphemes of that many bytes or more are replaced character by character. */
    private static final int LONG_GRAPHEME = 6;

    private final Function<String, BrokenModelFileException> unsupported;
    private final List<UnaryOperator<String>> steps = new ArrayList<>();
    private final boolean splitsWords;
    private final boolean splitsAtMarks;
    private final boolean prefix;
    private boolean collapsesSpaces;

    /**
     * @param unsupported makes the refusal of what the file asks for
     * @throws BrokenModelFileException if the file asks for something else
     */
    HuggingFaceText(JsonNode root, Function<String, BrokenModelFileException> unsupported) {
        this.unsupported = unsupported;
        parts(root.path("normalizer"), "normalizers").forEach(step -> steps.add(step(step)));
        List<JsonNode> pre = parts(root.path("pre_tokenizer"), "pretokenizers");
        splitsWords = pre.size() == 2 && type(pre.getFirst()).equals("WhitespaceSplit");
        JsonNode metaspace = pre.isEmpty() ? root.path("pre_tokenizer") : pre.getLast();
        if (pre.size() != (splitsWords ? 2 : 1) || !type(metaspace).equals("Metaspace")) {
            throw unsupported.apply("this pre-tokenizer");
        }
        String scheme = metaspace
                .path("prepend_scheme") // before tokenizers 0.15 a flag
                .asText(metaspace.path("add_prefix_space").asBoolean(true) ? "always" : "never");
        if (!scheme.equals("always") && !scheme.equals("never")) {
            throw unsupported.apply("the prepend_scheme '%s' of a unigram tokenizer".formatted(scheme));
        }
        if (!metaspace.path("replacement").asText().equals(String.valueOf(SPACE_MARK))) {
            throw unsupported.apply("a Metaspace other than U+2581");
        }
        prefix = scheme.equals("always");
        splitsAtMarks = metaspace.path("split").asBoolean(true);
    }

    /** Whether every text gets a space in front. */
    boolean prefix() {
        return prefix;
    }

    /** Whether runs of spaces become one. */
    boolean removesExtraSpaces() {
        return splitsWords || collapsesSpaces;
    }

    private static String type(JsonNode part) {
        return part.path("type").asText();
    }

    private static List<JsonNode> parts(JsonNode node, String listName) {
        List<JsonNode> parts = new ArrayList<>();
        if (type(node).equals("Sequence")) {
            node.path(listName).forEach(parts::add);
        } else if (!node.isMissingNode() && !node.isNull()) {
            parts.add(node);
        }
        return parts;
    }

    private UnaryOperator<String> step(JsonNode step) {
        return switch (type(step)) {
            case "Precompiled" -> precompiled(step);
            case "Strip" -> strip(step);
            case "Replace" -> replace(step);
            default -> throw unsupported.apply("the normalizer '%s'".formatted(type(step)));
        };
    }

    private UnaryOperator<String> precompiled(JsonNode step) {
        try {
            CharacterMap characters = CharacterMap.of(
                    Base64.getDecoder().decode(step.path("precompiled_charsmap").asText()));
            return text -> replaceCharacters(characters, text);
        } catch (IllegalArgumentException e) {
            throw unsupported.apply("a damaged precompiled_charsmap (%s)".formatted(e.getMessage()));
        }
    }

    private static UnaryOperator<String> strip(JsonNode step) {
        boolean left = step.path("strip_left").asBoolean();
        boolean right = step.path("strip_right").asBoolean();
        return text -> {
            String rest = left ? SPACE_IN_FRONT.matcher(text).replaceFirst("") : text;
            return right ? SPACE_BEHIND.matcher(rest).replaceFirst("") : rest;
        };
    }

    private UnaryOperator<String> replace(JsonNode step) {
        String content = step.path("content").asText();
        JsonNode pattern = step.path("pattern");
        if (pattern.path("Regex").asText().equals(RUN_OF_SPACES.pattern())) {
            collapsesSpaces = true;
            return text -> RUN_OF_SPACES.matcher(text).replaceAll(Matcher.quoteReplacement(content));
        }
        String literal = pattern.path("String").asText();
        if (literal.isEmpty()) {
            throw unsupported.apply("the normalizer 'Replace' of " + pattern);
        }
        return text -> text.replace(literal, content);
    }

    /** A rule that fits a short grapheme's beginning replaces all of it; longer ones go character by character. */
    private static String replaceCharacters(CharacterMap characters, String text) {
        StringBuilder out = new StringBuilder(text.length());
        Matcher graphemes = GRAPHEME.matcher(text);
        while (graphemes.find()) {
            byte[] bytes = graphemes.group().getBytes(StandardCharsets.UTF_8);
            CharacterMap.Replacement rule = characters.shortest(bytes, 0, bytes.length);
            if (bytes.length < LONG_GRAPHEME && rule.length() > 0) {
                out.append(new String(rule.bytes(), StandardCharsets.UTF_8));
            } else {
                replaceEachCharacter(characters, bytes, out);
            }
        }
        return out.toString();
    }

    private static void replaceEachCharacter(CharacterMap characters, byte[] bytes, StringBuilder out) {
        for (int i = 0; i < bytes.length; ) {
            int end = i + SentencePieceUnigram.characterLength(bytes[i]);
            CharacterMap.Replacement rule = characters.shortest(bytes, i, end);
            out.append(
                    rule.length() > 0
                            ? new String(rule.bytes(), StandardCharsets.UTF_8)
                            : new String(bytes, i, end - i, StandardCharsets.UTF_8));
            i = end;
        }
    }

    @Override
    public List<byte[]> stretches(String text) {
        String normalised = text;
        for (UnaryOperator<String> step : steps) {
            normalised = step.apply(normalised);
        }
        List<byte[]> stretches = new ArrayList<>();
        if (splitsWords) {
            Matcher words = WORD.matcher(normalised);
            while (words.find()) {
                addWord(words.group(), stretches);
            }
        } else if (!normalised.isEmpty()) {
            addWord(normalised, stretches);
        }
        return stretches;
    }

    private void addWord(String word, List<byte[]> stretches) {
        String marked = word.replace(' ', SPACE_MARK);
        String whole = prefix && marked.charAt(0) != SPACE_MARK ? SPACE_MARK + marked : marked;
        int start = 0;
        while (start < whole.length()) {
            int mark = splitsAtMarks ? whole.indexOf(SPACE_MARK, start + 1) : -1;
            int end = mark < 0 ? whole.length() : mark;
            stretches.add(whole.substring(start, end).getBytes(StandardCharsets.UTF_8));
            start = end;
        }
    }
}
