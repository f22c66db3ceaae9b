package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Value.Sequence;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Whole;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions every chat template may call. */
final class Globals {
    private static final Map<Character, String> DATE_PATTERNS = Map.ofEntries(
            Map.entry('d', "dd"),
            Map.entry('m', "MM"),
            Map.entry('Y', "yyyy"),
            Map.entry('y', "yy"),
            Map.entry('B', "MMMM"),
            Map.entry('b', "MMM"),
            Map.entry('A', "EEEE"),
            Map.entry('a', "EEE"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('M', "mm"),
            Map.entry('S', "ss"),
            Map.entry('p', "a"),
            Map.entry('j', "DDD"));

    private Globals() {}

    static void define(Scope scope, Budget budget, ZonedDateTime now) {
        define(scope, "raise_exception", arguments -> {
            throw new Fault(TemplateException.Kind.REFUSED, Values.text(arguments.require(0, "message")));
        });
        define(scope, "namespace", arguments -> {
            Value.Namespace namespace = new Value.Namespace();
            arguments.positional().forEach(value -> {
                if (value instanceof Value.Mapping mapping) {
                    mapping.entries().forEach((key, item) -> namespace.members().put(Values.text(key), item));
                }
            });
            namespace.members().putAll(arguments.named());
            return namespace;
        });
        define(scope, "dict", arguments -> {
            Map<Value, Value> entries = new LinkedHashMap<>();
            arguments.named().forEach((name, value) -> entries.put(new Text(name), value));
            return budget.weighed(new Value.Mapping(entries));
        });
        define(scope, "range", arguments -> range(arguments, budget));
        define(
                scope,
                "strftime_now",
                arguments -> new Text(format(Values.requireText(arguments.require(0, "format")), now)));
    }

    private static void define(Scope scope, String name, Value.Body body) {
        scope.set(name, new Value.Function(name, body));
    }

    private static Value range(Arguments arguments, Budget budget) {
        List<Value> bounds = arguments.positional();
        long from = bounds.size() > 1 ? Values.requireWhole(bounds.getFirst()) : 0;
        long to = Values.requireWhole(arguments.require(bounds.size() > 1 ? 1 : 0, "stop"));
        long step = bounds.size() > 2 ? Values.requireWhole(bounds.get(2)) : 1;
        if (step == 0) {
            throw new Fault("the step of range cannot be 0");
        }
        List<Value> numbers = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            budget.steps(1);
            if (numbers.size() == Budget.MAX_RANGE) {
                throw Budget.limit("a range has more than %d numbers".formatted(Budget.MAX_RANGE));
            }
            numbers.add(new Whole(i));
        }
        return new Sequence(numbers);
    }

    /** Python's {@code strftime}, English names; {@code %-d} and the like drop leading zeros. */
    private static String format(String format, ZonedDateTime now) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            boolean plain = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += plain ? 2 : 1;
            char directive = format.charAt(i);
            String pattern = DATE_PATTERNS.get(directive);
            if (directive == '%') {
                text.append('%');
            } else if (pattern == null) {
                throw new Fault("strftime_now does not know %" + directive);
            } else {
                String part =
                        DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
                text.append(plain ? part.replaceFirst("^0+(?=.)", "") : part);
            }
        }
        return text.toString();
    }
}
