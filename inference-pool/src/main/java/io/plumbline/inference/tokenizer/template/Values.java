package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Value.Bool;
import io.plumbline.inference.tokenizer.template.Value.Mapping;
import io.plumbline.inference.tokenizer.template.Value.None;
import io.plumbline.inference.tokenizer.template.Value.Real;
import io.plumbline.inference.tokenizer.template.Value.Sequence;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Undefined;
import io.plumbline.inference.tokenizer.template.Value.Whole;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's rules for truth, text, equality and order of values. */
final class Values {
    private Values() {}

    /** A JSON-like Java value: strings, numbers, booleans, lists, maps with string keys, null. */
    static Value of(@Nullable Object java) {
        return switch (java) {
            case null -> None.NONE;
            case Value value -> value;
            case CharSequence text -> new Text(text.toString());
            case Boolean truth -> new Bool(truth);
            case Float number -> new Real(number);
            case Double number -> new Real(number);
            case BigDecimal number -> new Real(number.doubleValue());
            case Number number -> new Whole(number.longValue());
            case Iterable<?> items -> {
                List<Value> values = new ArrayList<>();
                items.forEach(item -> values.add(of(item)));
                yield new Sequence(values);
            }
            case Map<?, ?> map -> {
                Map<Value, Value> entries = new LinkedHashMap<>();
                map.forEach((key, value) -> entries.put(new Text(String.valueOf(key)), of(value)));
                yield new Mapping(entries);
            }
            default ->
                throw new IllegalArgumentException("a template takes JSON-like values, not "
                        + java.getClass().getName());
        };
    }

    static boolean isTrue(Value value) {
        return switch (value) {
            case Text(String text) -> !text.isEmpty();
            case Whole(long number) -> number != 0;
            case Real(double number) -> number != 0;
            case Bool(boolean truth) -> truth;
            case Sequence(List<Value> items) -> !items.isEmpty();
            case Mapping(Map<Value, Value> entries) -> !entries.isEmpty();
            case None none -> false;
            case Undefined undefined -> false;
            case Value.Namespace namespace -> true;
            case Value.Function function -> true;
            case Value.Loop loop -> true;
        };
    }

    /** {@code str(value)}; an undefined value is no text. */
    static String text(Value value) {
        return switch (value) {
            case Text(String text) -> text;
            case Undefined undefined -> "";
            case Whole w -> literal(w);
            case Real r -> literal(r);
            case Bool b -> literal(b);
            case None n -> literal(n);
            case Sequence s -> literal(s);
            case Mapping m -> literal(m);
            case Value.Namespace n -> literal(n);
            case Value.Function f -> literal(f);
            case Value.Loop l -> literal(l);
        };
    }

    /** {@code repr(value)}. */
    static String literal(Value value) {
        StringBuilder text = new StringBuilder();
        literal(value, text);
        return text.toString();
    }

    private static void literal(Value value, StringBuilder text) {
        switch (value) {
            case Text(String string) -> text.append(PythonText.quote(string));
            case Whole(long number) -> text.append(number);
            case Real(double number) -> text.append(PythonText.real(number));
            case Bool(boolean truth) -> text.append(truth ? "True" : "False");
            case None none -> text.append("None");
            case Undefined undefined -> text.append("Undefined");
            case Sequence(List<Value> items) -> {
                text.append('[');
                for (int i = 0; i < items.size(); i++) {
                    text.append(i == 0 ? "" : ", ");
                    literal(items.get(i), text);
                }
                text.append(']');
            }
            case Mapping(Map<Value, Value> entries) -> {
                text.append('{');
                entries.forEach((key, item) -> {
                    text.append(text.charAt(text.length() - 1) == '{' && isFirst(entries, key) ? "" : ", ");
                    literal(key, text);
                    text.append(": ");
                    literal(item, text);
                });
                text.append('}');
            }
            case Value.Namespace namespace -> text.append("<Namespace>");
            case Value.Function function ->
                text.append("<function ").append(function.name()).append('>');
            case Value.Loop loop -> text.append("<loop>");
        }
        if (text.length() > Budget.MAX_OUTPUT) {
            throw Budget.limit("it makes too much text");
        }
    }

    private static boolean isFirst(Map<Value, Value> entries, Value key) {
        return entries.keySet().iterator().next().equals(key);
    }

    /** What kind of value this is, for messages. */
    static String kind(Value value) {
        return switch (value) {
            case Text text -> "a string";
            case Whole whole -> "an integer";
            case Real real -> "a number";
            case Bool bool -> "a truth value";
            case Sequence sequence -> "a list";
            case Mapping mapping -> "a dictionary";
            case None none -> "none";
            case Undefined(String name) -> "undefined ('%s' does not exist)".formatted(name);
            case Value.Namespace namespace -> "a namespace";
            case Value.Function function -> "a function";
            case Value.Loop loop -> "a loop";
        };
    }

    static String requireText(Value value) {
        if (value instanceof Text(String text)) {
            return text;
        }
        throw new Fault("a string is expected, but this is " + kind(value));
    }

    static long requireWhole(Value value) {
        return switch (value) {
            case Whole(long number) -> number;
            case Bool(boolean truth) -> truth ? 1 : 0;
            default -> throw new Fault("an integer is expected, but this is " + kind(value));
        };
    }

    /** An index or count that fits an int; larger ones saturate, as slices do. */
    static int requireInt(Value value) {
        return (int) Math.clamp(requireWhole(value), Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
    }

    static boolean isNumber(Value value) {
        return value instanceof Whole || value instanceof Real || value instanceof Bool;
    }

    static double real(Value value) {
        return value instanceof Real(double number) ? number : requireWhole(value);
    }

    /** The elements that a loop visits: characters of a string, keys of a dictionary. */
    static List<Value> elements(Value value) {
        return switch (value) {
            case Sequence(List<Value> items) -> items;
            case Mapping(Map<Value, Value> entries) -> List.copyOf(entries.keySet());
            case Text(String text) ->
                text.codePoints()
                        .<Value>mapToObj(c -> new Text(Character.toString(c)))
                        .toList();
            case Undefined undefined -> List.of();
            case Whole w -> throw notIterable(w);
            case Real r -> throw notIterable(r);
            case Bool b -> throw notIterable(b);
            case None n -> throw notIterable(n);
            case Value.Namespace n -> throw notIterable(n);
            case Value.Function f -> throw notIterable(f);
            case Value.Loop l -> throw notIterable(l);
        };
    }

    private static Fault notIterable(Value value) {
        return new Fault("a list is expected, but this is " + kind(value));
    }

    static long length(Value value) {
        return switch (value) {
            case Text(String text) -> text.codePointCount(0, text.length());
            case Mapping(Map<Value, Value> entries) -> entries.size();
            default -> elements(value).size();
        };
    }

    static boolean equal(Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Real || right instanceof Real
                    ? real(left) == real(right)
                    : requireWhole(left) == requireWhole(right);
        }
        if (left instanceof Sequence(List<Value> a) && right instanceof Sequence(List<Value> b)) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof Undefined && right instanceof Undefined) {
            return true;
        }
        return left.equals(right);
    }

    /** Order of numbers, strings and lists; other pairs have none. */
    static int compare(Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Real || right instanceof Real
                    ? Double.compare(real(left), real(right))
                    : Long.compare(requireWhole(left), requireWhole(right));
        }
        if (left instanceof Text(String a) && right instanceof Text(String b)) {
            return java.util.Arrays.compare(
                    a.codePoints().toArray(), b.codePoints().toArray());
        }
        if (left instanceof Sequence(List<Value> a) && right instanceof Sequence(List<Value> b)) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return compare(a.get(i), b.get(i));
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw new Fault("%s and %s have no order".formatted(kind(left), kind(right)));
    }

    /** {@code element in container}. */
    static boolean contains(Value container, Value element) {
        return switch (container) {
            case Text(String text) -> text.contains(requireText(element));
            case Mapping(Map<Value, Value> entries) -> entries.containsKey(element);
            default -> elements(container).stream().anyMatch(item -> equal(item, element));
        };
    }
}
