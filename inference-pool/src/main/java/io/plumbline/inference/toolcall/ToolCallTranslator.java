package io.plumbline.inference.toolcall;

/**
 * Turns calls as a model writes them into those of {@link ToolCallFormat}, piece by piece as the text comes; words stay as
 * they are. The text is one that {@link ToolCallGrammar} allows, or the beginning of one.
 *
 * <p>Not for use by several threads at once.
 */
public final class ToolCallTranslator {
    private final ToolCallForm form;
    private final StringBuilder held = new StringBuilder();
    private Place place = Place.WORDS;
    private boolean begun;
    private boolean lineEnded;
    private JsonEnd json = new JsonEnd();

    private enum Place {
        WORDS,
        NAME,
        ARGUMENTS,
        /** Behind arguments: another call may follow. */
        AFTER
    }

    /** @param form how the model writes calls */
    public ToolCallTranslator(ToolCallForm form) {
        this.form = form;
    }

    /** Takes more text; returns what is certain by now. */
    public String push(String text) {
        held.append(text);
        StringBuilder out = new StringBuilder();
        boolean progress = true;
        while (progress) {
            progress = switch (place) {
                case WORDS -> words(out);
                case NAME -> name(out);
                case ARGUMENTS -> arguments(out);
                case AFTER -> after();
            };
        }
        return out.toString();
    }

    /** The text has ended; returns what was held back. */
    public String finish() {
        String rest = held.toString();
        held.setLength(0);
        return switch (place) {
            case WORDS, ARGUMENTS -> rest;
            case NAME -> separator() + ToolCallFormat.BEFORE_NAME + rest;
            case AFTER -> "";
        };
    }

    private boolean words(StringBuilder out) {
        int at = form.tagged() ? held.indexOf(form.open()) : begun || held.indexOf(form.open()) != 0 ? -1 : 0;
        if (at >= 0) {
            release(at, out);
            held.delete(0, form.open().length());
            place = Place.NAME;
            return true;
        }
        release(form.tagged() ? held.length() - Overlap.of(held, form.open()) : certain(), out);
        return false;
    }

    /** How much is words where calls have no tag: nothing while the answer may still begin with one, and then all. */
    private int certain() {
        return !begun && form.open().startsWith(held.toString()) ? 0 : held.length();
    }

    private boolean name(StringBuilder out) {
        int at = held.indexOf(form.beforeArguments());
        if (at < 0) {
            return false;
        }
        out.append(separator()).append(ToolCallFormat.BEFORE_NAME).append(held, 0, at);
        out.append(ToolCallFormat.BEFORE_ARGUMENTS);
        held.delete(0, at + form.beforeArguments().length());
        begun = true;
        json = new JsonEnd();
        place = Place.ARGUMENTS;
        return true;
    }

    private boolean arguments(StringBuilder out) {
        int length = 0;
        while (length < held.length() && !json.reached()) {
            json.take(held.charAt(length++));
        }
        release(length, out);
        if (!json.reached()) {
            return false;
        }
        out.append(ToolCallFormat.END);
        lineEnded = false;
        place = Place.AFTER;
        return true;
    }

    private boolean after() {
        String next = form.between().orElse("");
        if (!next.isEmpty() && held.indexOf(next) == 0) {
            held.delete(0, next.length());
            place = Place.NAME;
            return true;
        }
        if (next.startsWith(held.toString())
                || (form.end().startsWith(held.toString())
                        && held.length() < form.end().length())) {
            return false;
        }
        if (held.indexOf(form.end()) == 0) {
            held.delete(0, form.end().length());
        }
        place = Place.WORDS;
        return !held.isEmpty();
    }

    /** Between calls, and between words and a call, there is a line end. */
    private String separator() {
        return begun && !lineEnded ? ToolCallFormat.BETWEEN : "";
    }

    private void release(int characters, StringBuilder out) {
        if (characters > 0) {
            out.append(held, 0, characters);
            begun = true;
            lineEnded = held.charAt(characters - 1) == '\n';
            held.delete(0, characters);
        }
    }

    /** Finds the end of a JSON object or array in a text that comes character by character (RFC 8259). */
    private static final class JsonEnd {
        private int depth;
        private boolean inString;
        private boolean escaped;
        private boolean reached;

        void take(char c) {
            if (escaped) {
                escaped = false;
            } else if (inString) {
                escaped = c == '\\';
                inString = c != '"';
            } else {
                switch (c) {
                    case '"' -> inString = true;
                    case '{', '[' -> depth++;
                    case '}', ']' -> reached = --depth == 0;
                    default -> {
                        // White space, numbers and names do not nest.
                    }
                }
            }
        }

        boolean reached() {
            return reached;
        }
    }
}
