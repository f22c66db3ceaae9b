package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Value.Mapping;
import io.plumbline.inference.tokenizer.template.Value.Real;
import io.plumbline.inference.tokenizer.template.Value.Sequence;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Undefined;
import io.plumbline.inference.tokenizer.template.Value.Whole;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The filters behind {@code |}. */
final class Filters {
    private final Budget budget;
    private final Operators operators;
    private final Methods methods;

    Filters(Budget budget, Operators operators, Methods methods) {
        this.budget = budget;
        this.operators = operators;
        this.methods = methods;
    }

    Value apply(String name, Value subject, Arguments arguments) {
        return switch (name) {
            case "trim" -> new Text(Methods.strip(Values.text(subject), arguments, true, true));
            case "upper" -> new Text(Values.text(subject).toUpperCase(Locale.ROOT));
            case "lower" -> new Text(Values.text(subject).toLowerCase(Locale.ROOT));
            case "capitalize" -> new Text(Methods.capitalize(Values.text(subject)));
            case "title" -> new Text(Methods.title(Values.text(subject)));
            case "string", "safe" -> new Text(Values.text(subject));
            case "escape", "e" -> new Text(escape(Values.text(subject)));
            case "replace" ->
                methods.replace(
                        Values.text(subject),
                        Values.text(arguments.require(0, "old")),
                        Values.text(arguments.require(1, "new")),
                        arguments.find(2, "count").map(Values::requireInt).orElse(-1));
            case "indent" -> indent(Values.text(subject), arguments);
            case "tojson" -> json(subject, arguments);
            case "default", "d" -> orDefault(subject, arguments);
            case "length", "count" -> new Whole(Values.length(subject));
            case "int" -> toWhole(subject, arguments);
            case "float" -> toReal(subject, arguments);
            case "abs" ->
                subject instanceof Real(double number)
                        ? new Real(Math.abs(number))
                        : new Whole(Math.abs(Values.requireWhole(subject)));
            case "round" -> round(subject, arguments);
            default -> ofList(name, subject, arguments);
        };
    }

    private Value ofList(String name, Value subject, Arguments arguments) {
        budget.steps(subject instanceof Text(String text) ? text.length() : 1);
        return switch (name) {
            case "list" -> new Sequence(Values.elements(subject));
            case "first" -> operators.item(subject, 0);
            case "last" -> operators.item(subject, -1);
            case "reverse" -> reverse(subject);
            case "join" -> join(subject, arguments);
            case "items" -> subject instanceof Undefined ? new Sequence(List.of()) : Methods.items(mapping(subject));
            case "dictsort" -> sort(Methods.items(mapping(subject)), arguments, pair -> operators.item(pair, 0));
            case "sort" -> sort(subject, arguments, key(arguments));
            case "unique" -> unique(subject, arguments);
            case "min" -> extreme(subject, arguments, -1);
            case "max" -> extreme(subject, arguments, 1);
            case "sum" -> sum(subject, arguments);
            case "map" -> map(subject, arguments);
            case "select" -> choose(subject, arguments, 0, true);
            case "reject" -> choose(subject, arguments, 0, false);
            case "selectattr" -> choose(subject, arguments, 1, true);
            case "rejectattr" -> choose(subject, arguments, 1, false);
            default ->
                throw new Fault(TemplateException.Kind.SYNTAX, "the filter '%s' is not supported".formatted(name));
        };
    }

    private static Mapping mapping(Value value) {
        if (value instanceof Mapping mapping) {
            return mapping;
        }
        throw new Fault("a dictionary is expected, but this is " + Values.kind(value));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    private Value indent(String text, Arguments arguments) {
        Value width = arguments.find(0, "width").orElse(new Whole(4));
        String margin = width instanceof Text(String given)
                ? given
                : " ".repeat(Math.clamp(Values.requireWhole(width), 0, 1000));
        boolean first = arguments.flag(1, "first");
        boolean blank = arguments.flag(2, "blank");
        String[] lines = text.split("\n", -1);
        budget.characters(text.length() + (long) lines.length * margin.length());
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            boolean indented = (i > 0 || first) && (blank || !lines[i].isEmpty());
            result.append(i == 0 ? "" : "\n").append(indented ? margin : "").append(lines[i]);
        }
        return new Text(result.toString());
    }

    private Value json(Value subject, Arguments arguments) {
        int indent = arguments
                .find(0, "indent")
                .filter(value -> value != Value.None.NONE)
                .map(Values::requireInt)
                .orElse(-1);
        String json = JsonText.of(subject, Math.min(indent, 16));
        budget.characters(json.length());
        return new Text(json);
    }

    private static Value orDefault(Value subject, Arguments arguments) {
        boolean replaceFalse = arguments.flag(1, "boolean");
        boolean missing = subject instanceof Undefined || (replaceFalse && !Values.isTrue(subject));
        return missing ? arguments.find(0, "default_value").orElse(new Text("")) : subject;
    }

    private static Value toWhole(Value subject, Arguments arguments) {
        try {
            return switch (subject) {
                case Real(double number) -> new Whole((long) number);
                case Text(String text) -> new Whole(new BigDecimal(PythonText.strip(text)).longValue());
                default -> new Whole(Values.requireWhole(subject));
            };
        } catch (NumberFormatException | Fault e) {
            return arguments.find(0, "default").orElse(new Whole(0));
        }
    }

    private static Value toReal(Value subject, Arguments arguments) {
        try {
            return new Real(
                    subject instanceof Text(String text)
                            ? Double.parseDouble(PythonText.strip(text))
                            : Values.real(subject));
        } catch (NumberFormatException | Fault e) {
            return arguments.find(0, "default").orElse(new Real(0));
        }
    }

    private static Value round(Value subject, Arguments arguments) {
        int precision = (int) Math.clamp(
                arguments.find(0, "precision").map(Values::requireWhole).orElse(0L), -15, 15);
        RoundingMode mode =
                switch (arguments.text(1, "method", "common")) {
                    case "ceil" -> RoundingMode.CEILING;
                    case "floor" -> RoundingMode.FLOOR;
                    default -> RoundingMode.HALF_EVEN;
                };
        double number = Values.real(subject);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return subject;
        }
        return new Real(new BigDecimal(number).setScale(precision, mode).doubleValue());
    }

    private Value reverse(Value subject) {
        List<Value> items = Values.elements(subject).reversed();
        budget.steps(items.size());
        if (subject instanceof Text(String text)) {
            return new Text(new StringBuilder(text).reverse().toString());
        }
        return new Sequence(List.copyOf(items));
    }

    private Value join(Value subject, Arguments arguments) {
        String separator = arguments.find(0, "d").map(Values::text).orElse("");
        String attribute = arguments.text(1, "attribute", "");
        StringBuilder text = new StringBuilder();
        List<Value> items = Values.elements(subject);
        for (int i = 0; i < items.size(); i++) {
            Value item = attribute.isEmpty() ? items.get(i) : attribute(items.get(i), attribute);
            text.append(i == 0 ? "" : separator).append(Values.text(item));
            budget.steps(1);
            if (text.length() > Budget.MAX_OUTPUT) {
                throw Budget.limit("it makes too much text");
            }
        }
        budget.characters(text.length());
        return new Text(text.toString());
    }

    /** {@code a.b.c} of an item; numbers are positions. */
    private Value attribute(Value item, String path) {
        Value value = item;
        for (String part : path.split("\\.", -1)) {
            budget.steps(1);
            boolean position =
                    !part.isEmpty() && part.length() < 9 && part.chars().allMatch(Character::isDigit);
            value = switch (value) {
                case Mapping mapping -> mapping.get(part);
                case Sequence sequence when position -> operators.item(sequence, Long.parseLong(part));
                default -> new Undefined(part);
            };
        }
        return value;
    }

    private interface Key {
        Value of(Value item);
    }

    private Key key(Arguments arguments) {
        Value attribute = arguments.named().get("attribute");
        boolean caseSensitive = arguments.flag(1, "case_sensitive");
        return item -> {
            Value value = attribute == null ? item : attribute(item, Values.text(attribute));
            return !caseSensitive && value instanceof Text(String text)
                    ? new Text(text.toLowerCase(Locale.ROOT))
                    : value;
        };
    }

    private Value sort(Value subject, Arguments arguments, Key key) {
        List<Value> items = new ArrayList<>(Values.elements(subject));
        budget.steps((long) items.size() * 16);
        Comparator<Value> order = (a, b) -> Values.compare(key.of(a), key.of(b));
        items.sort(arguments.flag(0, "reverse") ? order.reversed() : order);
        return new Sequence(items);
    }

    private Value unique(Value subject, Arguments arguments) {
        Key key = key(arguments);
        List<Value> chosen = new ArrayList<>();
        List<Value> keys = new ArrayList<>();
        for (Value item : Values.elements(subject)) {
            budget.steps(keys.size() + 1L);
            Value itemKey = key.of(item);
            if (keys.stream().noneMatch(known -> Values.equal(known, itemKey))) {
                keys.add(itemKey);
                chosen.add(item);
            }
        }
        return new Sequence(chosen);
    }

    private Value extreme(Value subject, Arguments arguments, int sign) {
        Key key = key(arguments);
        List<Value> items = Values.elements(subject);
        budget.steps(items.size());
        Comparator<Value> order = (a, b) -> sign * Values.compare(key.of(a), key.of(b));
        return items.stream().max(order).orElse(new Undefined("an item of an empty list"));
    }

    private Value sum(Value subject, Arguments arguments) {
        String attribute = arguments.text(0, "attribute", "");
        Value total = arguments.find(1, "start").orElse(new Whole(0));
        for (Value item : Values.elements(subject)) {
            budget.steps(1);
            total = operators.add(total, attribute.isEmpty() ? item : attribute(item, attribute));
        }
        return total;
    }

    private Value map(Value subject, Arguments arguments) {
        Value attribute = arguments.named().get("attribute");
        List<Value> mapped = new ArrayList<>();
        for (Value item : Values.elements(subject)) {
            budget.steps(1);
            if (attribute == null) {
                mapped.add(apply(Values.requireText(arguments.require(0, "filter")), item, arguments.from(1)));
            } else {
                Value value = attribute(item, Values.text(attribute));
                Value otherwise = arguments.named().get("default");
                mapped.add(value instanceof Undefined && otherwise != null ? otherwise : value);
            }
        }
        return new Sequence(mapped);
    }

    /** Keeps items whose test has the wanted outcome; {@code skip} = 1 if the first argument names an attribute. */
    private Value choose(Value subject, Arguments arguments, int skip, boolean wanted) {
        String attribute = skip == 0 ? "" : Values.text(arguments.require(0, "attribute"));
        Arguments rest = arguments.from(skip);
        Predicate<Value> test = rest.positional().isEmpty()
                ? Values::isTrue
                : value -> Tests.test(Values.requireText(rest.positional().getFirst()), value, rest.from(1));
        List<Value> chosen = new ArrayList<>();
        for (Value item : Values.elements(subject)) {
            budget.steps(1);
            if (test.test(attribute.isEmpty() ? item : attribute(item, attribute)) == wanted) {
                chosen.add(item);
            }
        }
        return new Sequence(chosen);
    }
}
