package io.plumbline.inference.tokenizer.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Arguments of a call, filter or test; a filter's subject is not among them. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The argument at a position or of that name. */
    Optional<Value> find(int position, String name) {
        return position < positional.size()
                ? Optional.of(positional.get(position))
                : Optional.ofNullable(named.get(name));
    }

    Value require(int position, String name) {
        return find(position, name).orElseThrow(() -> new Fault("the argument '%s' is missing".formatted(name)));
    }

    String text(int position, String name, String otherwise) {
        return find(position, name).map(Values::requireText).orElse(otherwise);
    }

    boolean flag(int position, String name) {
        return find(position, name).map(Values::isTrue).orElse(false);
    }

    /** All but the first {@code count} positional arguments. */
    Arguments from(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
