package io.plumbline.compliance.audit;

import java.util.Map;
import java.util.SortedMap;

/**
 * Writes JSON in exactly one way, so that equal values are equal bytes: members in the order they are added, no white
 * space, strings in UTF-8 with only {@code "}, {@code \} and control characters escaped, the latter as {@code \}{@code u00xx}.
 */
final class CanonicalJson {
    private static final char FIRST_PRINTABLE = 0x20;

    private final StringBuilder out = new StringBuilder("{");

    CanonicalJson string(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    CanonicalJson number(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    /** An object whose members are all strings, sorted by name (UTF-16 code units). */
    CanonicalJson strings(String name, SortedMap<String, String> members) {
        CanonicalJson object = new CanonicalJson();
        for (Map.Entry<String, String> member : members.entrySet()) {
            object.string(member.getKey(), member.getValue());
        }
        return raw(name, object.text());
    }

    /** A value that is canonical JSON already. */
    CanonicalJson raw(String name, String value) {
        name(name);
        out.append(value);
        return this;
    }

    String text() {
        return out + "}";
    }

    private void name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        quote(name);
        out.append(':');
    }

    private void quote(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
