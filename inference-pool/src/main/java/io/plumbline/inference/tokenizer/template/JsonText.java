package io.plumbline.inference.tokenizer.template;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code json.dumps(value, ensure_ascii=False)}: what {@code tojson} means in chat templates. */
final class JsonText {
    private static final int MAX_DEPTH = 64;

    private final StringBuilder text = new StringBuilder();
    private final int indent;
    private final String separator;

    private JsonText(int indent) {
        this.indent = indent;
        this.separator = indent < 0 ? ", " : ",";
    }

    /** @param indent spaces per level; negative = everything on one line */
    static String of(Value value, int indent) {
        JsonText json = new JsonText(indent);
        json.write(value, 0);
        return json.text.toString();
    }

    private void write(Value value, int depth) {
        if (depth > MAX_DEPTH || text.length() > Budget.MAX_OUTPUT) {
            throw Budget.limit("a value is too large or too deep for JSON");
        }
        switch (value) {
            case Value.Text(String string) -> quote(string);
            case Value.Whole(long number) -> text.append(number);
            case Value.Real(double number) -> text.append(real(number));
            case Value.Bool(boolean truth) -> text.append(truth);
            case Value.None none -> text.append("null");
            case Value.Sequence(List<Value> items) -> {
                text.append('[');
                for (int i = 0; i < items.size(); i++) {
                    begin(i, depth);
                    write(items.get(i), depth + 1);
                }
                end(items.isEmpty(), depth, ']');
            }
            case Value.Mapping(Map<Value, Value> entries) -> {
                text.append('{');
                int i = 0;
                for (Value key : entries.keySet()) {
                    begin(i++, depth);
                    quote(key instanceof Value.Text(String name) ? name : of(key, -1));
                    text.append(": ");
                    write(Objects.requireNonNull(entries.get(key)), depth + 1);
                }
                end(entries.isEmpty(), depth, '}');
            }
            case Value.Undefined u -> throw notJson(u);
            case Value.Namespace n -> throw notJson(n);
            case Value.Function f -> throw notJson(f);
            case Value.Loop l -> throw notJson(l);
        }
    }

    private static Fault notJson(Value value) {
        return new Fault("tojson cannot write " + Values.kind(value));
    }

    private static String real(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        return Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : PythonText.real(number);
    }

    private void begin(int index, int depth) {
        text.append(index == 0 ? "" : separator);
        newLine(depth + 1);
    }

    private void end(boolean empty, int depth, char bracket) {
        if (!empty) {
            newLine(depth);
        }
        text.append(bracket);
    }

    private void newLine(int depth) {
        if (indent >= 0) {
            text.append('\n').repeat(' ', indent * depth);
        }
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ') {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
