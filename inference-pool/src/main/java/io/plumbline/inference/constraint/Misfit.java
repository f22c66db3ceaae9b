package io.plumbline.inference.constraint;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where and how a text is not of the form that was asked for.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param before the end of what stands before, on the same line
 * @param found the beginning of what stands there; empty at the end of the text
 * @param expected what could stand there instead; empty if nothing, or too much to be named
 */
public record Misfit(Kind kind, int line, int column, String before, String found, List<String> expected) {
    private static final int EXCERPT = 24;

    /** What is wrong. */
    public enum Kind {
        /** What is found cannot stand there. */
        UNEXPECTED,
        /** The text is complete before what is found. */
        SURPLUS,
        /** The text breaks off. */
        UNFINISHED,
        /** The form cannot be judged; the place says nothing. */
        UNJUDGED
    }

    public Misfit {
        expected = List.copyOf(expected);
    }

    /** @param at UTF-16 index in the text */
    static Misfit at(Kind kind, String text, int at, List<String> expected) {
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        int lineEnd = text.indexOf('\n', at);
        int end = lineEnd < 0 ? text.length() : Math.max(lineEnd, Math.min(at + 1, text.length()));
        String before = text.substring(lineStart, at);
        return new Misfit(
                kind,
                (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1,
                before.codePointCount(0, before.length()) + 1,
                ending(before),
                beginning(text.substring(at, end)),
                expected);
    }

    private static String beginning(String text) {
        return text.codePointCount(0, text.length()) <= EXCERPT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, EXCERPT)) + "\u2026";
    }

    private static String ending(String text) {
        return text.codePointCount(0, text.length()) <= EXCERPT
                ? text
                : "\u2026" + text.substring(text.offsetByCodePoints(text.length(), -EXCERPT));
    }

    /** In English, as part of a sentence; the console has its own words. */
    public String describe() {
        String place =
                "line %d, column %d%s".formatted(line, column, before.isEmpty() ? "" : ", after '" + before + "'");
        String instead = expected.isEmpty()
                ? ""
                : expected.stream()
                        .map(text -> "'" + text + "'")
                        .collect(Collectors.joining(" or ", "; expected ", ""));
        return switch (kind) {
            case UNEXPECTED -> "%s: '%s' cannot stand there%s".formatted(place, shown(), instead);
            case SURPLUS -> "%s: the text is complete there, '%s' is too much".formatted(place, shown());
            case UNFINISHED -> "%s: the text breaks off%s".formatted(place, instead);
            case UNJUDGED -> "whether it is of the form cannot be told";
        };
    }

    private String shown() {
        return found.replace("\n", "\\n").replace("\r", "\\r");
    }
}
