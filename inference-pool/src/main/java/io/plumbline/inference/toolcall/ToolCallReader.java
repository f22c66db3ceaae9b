package io.plumbline.inference.toolcall;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a text apart into words and calls, piece by piece as it comes. What may still turn out to be the frame of a call is
 * held back. A text that breaks off within a call, or was changed so that its frame is gone, loses nothing: what was read
 * stands as it is.
 *
 * <p>Not for use by several threads at once.
 */
public final class ToolCallReader {
    private final StringBuilder held = new StringBuilder();
    private Place place = Place.WORDS;
    private int calls;

    private enum Place {
        WORDS,
        NAME,
        ARGUMENTS
    }

    /** Takes more text; returns what is certain by now. */
    public List<AnswerPart> push(String text) {
        held.append(text);
        List<AnswerPart> parts = new ArrayList<>();
        boolean progress = true;
        while (progress) {
            progress = switch (place) {
                case WORDS -> words(parts);
                case NAME -> name(parts);
                case ARGUMENTS -> arguments(parts);
            };
        }
        return parts;
    }

    /** The text has ended; returns what was held back. */
    public List<AnswerPart> finish() {
        List<AnswerPart> parts = new ArrayList<>();
        String rest = held.toString();
        held.setLength(0);
        switch (place) {
            case WORDS -> addWords(parts, rest);
            case NAME -> addWords(parts, ToolCallFormat.BEFORE_NAME + rest);
            case ARGUMENTS -> addArguments(parts, rest);
        }
        return parts;
    }

    /** Calls that have begun. */
    public int calls() {
        return calls;
    }

    private boolean words(List<AnswerPart> parts) {
        int at = held.indexOf(ToolCallFormat.BEFORE_NAME);
        if (at >= 0) {
            addWords(parts, withoutLineEnd(held.substring(0, at)));
            held.delete(0, at + ToolCallFormat.BEFORE_NAME.length());
            place = Place.NAME;
            return true;
        }
        // A line end may be the one in front of a call.
        int free = held.length() - Overlap.of(held, ToolCallFormat.BETWEEN + ToolCallFormat.BEFORE_NAME);
        free = Math.min(free, held.length() - Overlap.of(held, ToolCallFormat.BEFORE_NAME));
        addWords(parts, held.substring(0, free));
        held.delete(0, free);
        return false;
    }

    /** Between calls, and between words and a call, there is a line end that belongs to neither. */
    private static String withoutLineEnd(String words) {
        return words.endsWith(ToolCallFormat.BETWEEN) ? words.substring(0, words.length() - 1) : words;
    }

    private boolean name(List<AnswerPart> parts) {
        int at = held.indexOf(ToolCallFormat.BEFORE_ARGUMENTS);
        if (at < 0) {
            return false;
        }
        parts.add(new AnswerPart.CallBegins(calls++, held.substring(0, at)));
        held.delete(0, at + ToolCallFormat.BEFORE_ARGUMENTS.length());
        place = Place.ARGUMENTS;
        return true;
    }

    private boolean arguments(List<AnswerPart> parts) {
        int at = held.indexOf(ToolCallFormat.END);
        if (at >= 0) {
            addArguments(parts, held.substring(0, at));
            held.delete(0, at + ToolCallFormat.END.length());
            place = Place.WORDS;
            return true;
        }
        int free = held.length() - Overlap.of(held, ToolCallFormat.END);
        addArguments(parts, held.substring(0, free));
        held.delete(0, free);
        return false;
    }

    private static void addWords(List<AnswerPart> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new AnswerPart.Words(text));
        }
    }

    private void addArguments(List<AnswerPart> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new AnswerPart.Arguments(calls - 1, text));
        }
    }
}
