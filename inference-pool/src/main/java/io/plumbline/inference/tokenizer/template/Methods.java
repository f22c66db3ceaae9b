package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Value.Bool;
import io.plumbline.inference.tokenizer.template.Value.Mapping;
import io.plumbline.inference.tokenizer.template.Value.Sequence;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The methods of strings and dictionaries that templates may call; none changes its object. */
final class Methods {
    private final Budget budget;

    Methods(Budget budget) {
        this.budget = budget;
    }

    /** The method of that name, bound to the object. */
    Optional<Value> find(Value object, String name) {
        Optional<Value.Body> body =
                switch (object) {
                    case Text(String text) -> ofText(text, name);
                    case Mapping mapping -> ofMapping(mapping, name);
                    case Sequence sequence -> ofSequence(sequence, name);
                    default -> Optional.empty();
                };
        return body.map(b -> new Value.Function(name, b));
    }

    private Optional<Value.Body> ofText(String text, String name) {
        Value.Body body =
                switch (name) {
                    case "strip" -> a -> new Text(strip(text, a, true, true));
                    case "lstrip" -> a -> new Text(strip(text, a, true, false));
                    case "rstrip" -> a -> new Text(strip(text, a, false, true));
                    case "upper" -> a -> new Text(text.toUpperCase(Locale.ROOT));
                    case "lower" -> a -> new Text(text.toLowerCase(Locale.ROOT));
                    case "capitalize" -> a -> new Text(capitalize(text));
                    case "title" -> a -> new Text(title(text));
                    case "startswith" -> a -> new Bool(anyOf(a, text::startsWith));
                    case "endswith" -> a -> new Bool(anyOf(a, text::endsWith));
                    case "removeprefix" ->
                        a -> {
                            String prefix = a.text(0, "prefix", "");
                            return new Text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
                        };
                    case "removesuffix" ->
                        a -> {
                            String suffix = a.text(0, "suffix", "");
                            return new Text(
                                    text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
                        };
                    case "split" -> a -> split(text, a, false);
                    case "rsplit" -> a -> split(text, a, true);
                    case "splitlines" -> a -> texts(text.lines().toList());
                    case "replace" ->
                        a -> replace(
                                text,
                                a.text(0, "old", ""),
                                Values.requireText(a.require(1, "new")),
                                a.find(2, "count").map(Values::requireInt).orElse(-1));
                    case "find" -> a -> new Whole(indexOf(text, a.text(0, "sub", "")));
                    case "count" -> a -> new Whole(count(text, a.text(0, "sub", "")));
                    case "join" -> a -> join(text, a.require(0, "iterable"));
                    case "isdigit" ->
                        a -> new Bool(!text.isEmpty() && text.codePoints().allMatch(Character::isDigit));
                    case "isalpha" ->
                        a -> new Bool(!text.isEmpty() && text.codePoints().allMatch(Character::isLetter));
                    case "isspace" ->
                        a -> new Bool(!text.isEmpty() && text.codePoints().allMatch(PythonText::isSpace));
                    default -> null;
                };
        return Optional.ofNullable(body);
    }

    private static boolean anyOf(Arguments arguments, java.util.function.Predicate<String> test) {
        Value wanted = arguments.require(0, "prefix");
        return wanted instanceof Sequence(List<Value> items)
                ? items.stream().anyMatch(item -> test.test(Values.requireText(item)))
                : test.test(Values.requireText(wanted));
    }

    static String strip(String text, Arguments arguments, boolean start, boolean end) {
        Optional<Value> characters = arguments.find(0, "chars").filter(c -> c != Value.None.NONE);
        String stripped = text;
        if (start) {
            stripped = characters.isEmpty()
                    ? PythonText.stripStart(stripped)
                    : PythonText.stripStart(stripped, Values.requireText(characters.get()));
        }
        if (end) {
            stripped = characters.isEmpty()
                    ? PythonText.stripEnd(stripped)
                    : PythonText.stripEnd(stripped, Values.requireText(characters.get()));
        }
        return stripped;
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return titled.toString();
    }

    private Value split(String text, Arguments arguments, boolean fromEnd) {
        int most = arguments.find(1, "maxsplit").map(Values::requireInt).orElse(-1);
        Optional<Value> separator = arguments.find(0, "sep").filter(s -> s != Value.None.NONE);
        List<String> parts = separator.isEmpty()
                ? words(text, most)
                : parts(text, Values.requireText(separator.get()), most, fromEnd);
        budget.steps(parts.size());
        budget.characters(text.length());
        return texts(parts);
    }

    private static List<String> words(String text, int most) {
        List<String> words = new ArrayList<>();
        String rest = PythonText.stripStart(text);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !PythonText.isSpace(rest.charAt(end))) {
                end++;
            }
            if (most >= 0 && words.size() == most) {
                words.add(PythonText.stripEnd(rest));
                break;
            }
            words.add(rest.substring(0, end));
            rest = PythonText.stripStart(rest.substring(end));
        }
        return words;
    }

    private static List<String> parts(String text, String separator, int most, boolean fromEnd) {
        if (separator.isEmpty()) {
            throw new Fault("split needs a separator that is not empty");
        }
        List<String> parts = new ArrayList<>();
        String rest = text;
        while (most < 0 || parts.size() < most) {
            int at = fromEnd ? rest.lastIndexOf(separator) : rest.indexOf(separator);
            if (at < 0) {
                break;
            }
            parts.add(fromEnd ? rest.substring(at + separator.length()) : rest.substring(0, at));
            rest = fromEnd ? rest.substring(0, at) : rest.substring(at + separator.length());
        }
        parts.add(rest);
        return fromEnd ? parts.reversed() : parts;
    }

    Value replace(String text, String old, String replacement, int most) {
        int found = most < 0 ? count(text, old) : Math.min(most, count(text, old));
        budget.characters(text.length() + (long) found * replacement.length());
        StringBuilder result = new StringBuilder();
        int position = 0;
        for (int i = 0; i < found; i++) {
            int at = text.indexOf(old, position);
            int end = at + old.length();
            if (old.isEmpty()) { // Python puts the replacement between all characters
                at = position;
                end = position;
                result.append(replacement);
                if (position < text.length()) {
                    result.appendCodePoint(text.codePointAt(position));
                    position = text.offsetByCodePoints(position, 1);
                }
                continue;
            }
            result.append(text, position, at).append(replacement);
            position = end;
        }
        return new Text(result.append(text, position, text.length()).toString());
    }

    private static int count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1;
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static long indexOf(String text, String part) {
        int at = text.indexOf(part);
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private Value join(String separator, Value items) {
        StringBuilder text = new StringBuilder();
        List<Value> elements = Values.elements(items);
        for (int i = 0; i < elements.size(); i++) {
            text.append(i == 0 ? "" : separator).append(Values.requireText(elements.get(i)));
            budget.steps(1);
        }
        budget.characters(text.length());
        return new Text(text.toString());
    }

    private static Value texts(List<String> texts) {
        return new Sequence(texts.stream().<Value>map(Text::new).toList());
    }

    private Optional<Value.Body> ofMapping(Mapping mapping, String name) {
        Value.Body body =
                switch (name) {
                    case "items" -> a -> items(mapping);
                    case "keys" ->
                        a -> new Sequence(List.copyOf(mapping.entries().keySet()));
                    case "values" ->
                        a -> new Sequence(List.copyOf(mapping.entries().values()));
                    case "get" ->
                        a -> {
                            Value found = mapping.entries().get(a.require(0, "key"));
                            return found != null ? found : a.find(1, "default").orElse(Value.None.NONE);
                        };
                    case "copy" -> a -> mapping;
                    default -> null;
                };
        return Optional.ofNullable(body);
    }

    static Value items(Mapping mapping) {
        List<Value> pairs = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : mapping.entries().entrySet()) {
            pairs.add(new Sequence(List.of(entry.getKey(), entry.getValue())));
        }
        return new Sequence(pairs);
    }

    private static Optional<Value.Body> ofSequence(Sequence sequence, String name) {
        Value.Body body =
                switch (name) {
                    case "count" ->
                        a -> new Whole(sequence.items().stream()
                                .filter(item -> Values.equal(item, a.require(0, "value")))
                                .count());
                    case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" ->
                        a -> {
                            throw new Fault("'%s' would change a list; use + or a namespace".formatted(name));
                        };
                    default -> null;
                };
        return Optional.ofNullable(body);
    }
}
