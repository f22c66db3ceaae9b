package io.plumbline.compliance.screen;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the strings and the bare values (numbers, true, false, null) of a growing JSON text lie, so that masks replace values
 * and never what holds them together. Reads any text; what is no JSON has no guarantee.
 */
final class JsonTokens {
    /** Values lie at this depth of brackets or deeper: the frames of tool calls, outside of any, are no JSON. */
    private final int leastDepth;

    private final List<Token> tokens = new ArrayList<>();
    private int from = Integer.MAX_VALUE;
    private int at;
    private int depth;
    private int start;
    private Place place = Place.BETWEEN;

    private enum Place {
        BETWEEN,
        STRING,
        ESCAPE,
        BARE
    }

    /** @param string whether it is the inside of a string, else a bare value */
    private record Token(int start, int end, boolean string) {}

    /** What stands for a part of the text. */
    record Mask(int start, int end, String text) {}

    JsonTokens(TextForm form) {
        this.leastDepth = form == TextForm.CALLS ? 1 : 0;
    }

    /**
     * Takes more of the text.
     *
     * @param text with everything that was read before
     * @param from index from which on it is JSON, if any of it is
     * @param to how far to read
     */
    void read(CharSequence text, int from, int to) {
        this.from = from;
        if (from >= to) {
            return;
        }
        at = Math.max(at, from);
        for (; at < to; at++) {
            char c = text.charAt(at);
            switch (place) {
                case STRING -> inString(c);
                case ESCAPE -> place = Place.STRING;
                case BETWEEN -> between(c);
                case BARE -> {
                    if (!bare(c)) {
                        end(false);
                        between(c);
                    }
                }
            }
        }
    }

    private void inString(char c) {
        if (c == '\\') {
            place = Place.ESCAPE;
        } else if (c == '"') {
            end(true);
        }
    }

    private void between(char c) {
        if (c == '"' || bare(c)) {
            place = c == '"' ? Place.STRING : Place.BARE;
            start = c == '"' ? at + 1 : at;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }

    private void end(boolean string) {
        add(new Token(start, at, string));
        place = Place.BETWEEN;
    }

    private void add(Token token) {
        if (depth >= leastDepth) {
            tokens.add(token);
        }
    }

    private static boolean bare(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '-'
                || c == '+'
                || c == '.';
    }

    /** The largest index up to {@code limit} that cuts no bare value; one that ends there may still grow. */
    int cut(int limit) {
        for (Token token : touched(limit - 1, limit)) {
            if (!token.string() && token.start() < limit) {
                return token.start();
            }
        }
        return limit;
    }

    /**
     * What to mask for a span: in strings the part that the span covers, of bare values always the whole, which becomes a
     * string. A span that covers neither, and what stands before the JSON, is masked as it is.
     */
    List<Mask> masks(int start, int end, String mask) {
        List<Mask> masks = new ArrayList<>();
        if (start < from) {
            masks.add(new Mask(start, Math.min(end, from), mask));
        }
        String escaped = new String(JsonStringEncoder.getInstance().quoteAsString(mask));
        for (Token token : touched(start, end)) {
            if (token.string()) {
                masks.add(new Mask(Math.max(start, token.start()), Math.min(end, token.end()), escaped));
            } else {
                masks.add(new Mask(token.start(), token.end(), mask.isEmpty() ? "null" : '"' + escaped + '"'));
            }
        }
        return masks.isEmpty() ? List.of(new Mask(start, end, mask)) : masks;
    }

    /** The tokens, also the one that is still growing, that have something between two indices. */
    private List<Token> touched(int start, int end) {
        List<Token> touched = new ArrayList<>();
        boolean growing = place != Place.BETWEEN && depth >= leastDepth;
        if (growing && this.start < end) {
            touched.add(new Token(this.start, Math.max(at, end), place != Place.BARE));
        }
        for (int i = tokens.size() - 1; i >= 0 && tokens.get(i).end() > start; i--) {
            if (tokens.get(i).start() < Math.min(end, tokens.get(i).end())) {
                touched.addFirst(tokens.get(i));
            }
        }
        return touched;
    }
}
