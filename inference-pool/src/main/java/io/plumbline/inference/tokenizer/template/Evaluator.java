package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Expression.ArgumentList;
import io.plumbline.inference.tokenizer.template.Expression.Compared;
import io.plumbline.inference.tokenizer.template.Value.Bool;
import io.plumbline.inference.tokenizer.template.Value.Loop;
import io.plumbline.inference.tokenizer.template.Value.Mapping;
import io.plumbline.inference.tokenizer.template.Value.Sequence;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Undefined;
import io.plumbline.inference.tokenizer.template.Value.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of expressions. */
final class Evaluator {
    private final Budget budget;
    private final Operators operators;
    private final Methods methods;
    private final Filters filters;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.methods = new Methods(budget);
        this.filters = new Filters(budget, operators, methods);
    }

    Value value(Expression expression, Scope scope) {
        budget.steps(1);
        return switch (expression) {
            case Expression.Literal(Value value) -> value;
            case Expression.Name(String name) -> scope.get(name);
            case Expression.ListOf(List<Expression> items) -> budget.weighed(new Sequence(values(items, scope)));
            case Expression.DictOf dictionary -> dictionary(dictionary, scope);
            case Expression.Member(Expression object, String name) -> member(value(object, scope), name);
            case Expression.Item(Expression object, Expression key) -> item(value(object, scope), value(key, scope));
            case Expression.Slice slice ->
                operators.slice(
                        defined(value(slice.object(), scope)),
                        slice.from().map(e -> value(e, scope)),
                        slice.to().map(e -> value(e, scope)),
                        slice.step().map(e -> value(e, scope)));
            case Expression.Call(Expression function, ArgumentList arguments) ->
                call(value(function, scope), arguments(arguments, scope));
            case Expression.Filter(Expression subject, String name, ArgumentList arguments) ->
                filters.apply(name, value(subject, scope), arguments(arguments, scope));
            case Expression.Test test ->
                new Bool(Tests.test(test.name(), value(test.subject(), scope), arguments(test.arguments(), scope))
                        != test.negated());
            case Expression.Unary unary -> unary(unary, scope);
            case Expression.Binary binary -> binary(binary, scope);
            case Expression.Comparison comparison -> new Bool(compare(comparison, scope));
            case Expression.Conditional c ->
                Values.isTrue(value(c.condition(), scope))
                        ? value(c.then(), scope)
                        : c.otherwise().map(e -> value(e, scope)).orElse(new Undefined("the else of a condition"));
        };
    }

    private List<Value> values(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Arguments arguments(ArgumentList list, Scope scope) {
        if (list.positional().isEmpty() && list.named().isEmpty()) {
            return Arguments.NONE;
        }
        Map<String, Value> named = new LinkedHashMap<>();
        list.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
        return new Arguments(values(list.positional(), scope), named);
    }

    private Value dictionary(Expression.DictOf dictionary, Scope scope) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        dictionary
                .entries()
                .forEach(entry -> entries.put(value(entry.getKey(), scope), value(entry.getValue(), scope)));
        return budget.weighed(new Mapping(entries));
    }

    private static Value defined(Value value) {
        if (value instanceof Undefined(String name)) {
            throw new Fault("'%s' is undefined".formatted(name));
        }
        return value;
    }

    private Value member(Value object, String name) {
        return switch (defined(object)) {
            case Value.Namespace namespace -> {
                Value value = namespace.members().get(name);
                yield value == null ? new Undefined(name) : value;
            }
            case Loop loop -> loopMember(loop, name);
            case Value other ->
                methods.find(other, name)
                        .orElseGet(() -> other instanceof Mapping mapping ? mapping.get(name) : new Undefined(name));
        };
    }

    private Value item(Value object, Value key) {
        return switch (defined(object)) {
            case Mapping mapping -> {
                Value value = mapping.entries().get(key);
                yield value == null ? new Undefined(Values.text(key)) : value;
            }
            case Value other when key instanceof Text(String name) -> member(other, name);
            case Value other when key instanceof Whole(long index) -> operators.item(other, index);
            case Value other -> new Undefined(Values.text(key));
        };
    }

    private static Value loopMember(Loop loop, String name) {
        int size = loop.items().size();
        int index = loop.index();
        return switch (name) {
            case "index" -> new Whole(index + 1L);
            case "index0" -> new Whole(index);
            case "revindex" -> new Whole(size - index);
            case "revindex0" -> new Whole(size - index - 1L);
            case "first" -> new Bool(index == 0);
            case "last" -> new Bool(index == size - 1);
            case "length" -> new Whole(size);
            case "depth" -> new Whole(loop.depth());
            case "depth0" -> new Whole(loop.depth() - 1L);
            case "previtem" -> index > 0 ? loop.items().get(index - 1) : new Undefined(name);
            case "nextitem" -> index < size - 1 ? loop.items().get(index + 1) : new Undefined(name);
            case "cycle" ->
                new Value.Function(name, arguments -> {
                    List<Value> choices = arguments.positional();
                    if (choices.isEmpty()) {
                        throw new Fault("loop.cycle needs something to choose from");
                    }
                    return choices.get(index % choices.size());
                });
            default -> new Undefined("loop." + name);
        };
    }

    private Value call(Value function, Arguments arguments) {
        if (!(function instanceof Value.Function(String name, Value.Body body))) {
            throw new Fault("%s cannot be called".formatted(Values.kind(function)));
        }
        budget.enterCall();
        Value result = body.call(arguments);
        budget.leaveCall();
        return result;
    }

    private Value unary(Expression.Unary unary, Scope scope) {
        Value operand = value(unary.operand(), scope);
        return switch (unary.operator()) {
            case NOT -> new Bool(!Values.isTrue(operand));
            case MINUS -> operators.arithmetic("-", new Whole(0), operand);
            case PLUS -> operators.arithmetic("+", new Whole(0), operand);
        };
    }

    private Value binary(Expression.Binary binary, Scope scope) {
        Value left = value(binary.left(), scope);
        return switch (binary.operator()) {
            case AND -> Values.isTrue(left) ? value(binary.right(), scope) : left;
            case OR -> Values.isTrue(left) ? left : value(binary.right(), scope);
            case ADD -> operators.add(left, value(binary.right(), scope));
            case CONCATENATE -> operators.concatenate(left, value(binary.right(), scope));
            case MULTIPLY -> operators.multiply(left, value(binary.right(), scope));
            case SUBTRACT -> operators.arithmetic("-", left, value(binary.right(), scope));
            case DIVIDE -> operators.arithmetic("/", left, value(binary.right(), scope));
            case FLOOR_DIVIDE -> operators.arithmetic("//", left, value(binary.right(), scope));
            case MODULO -> operators.arithmetic("%", left, value(binary.right(), scope));
            case POWER -> operators.arithmetic("**", left, value(binary.right(), scope));
        };
    }

    private boolean compare(Expression.Comparison comparison, Scope scope) {
        Value left = value(comparison.first(), scope);
        for (Compared compared : comparison.rest()) {
            Value right = value(compared.operand(), scope);
            boolean holds =
                    switch (compared.comparator()) {
                        case EQUAL -> Values.equal(left, right);
                        case NOT_EQUAL -> !Values.equal(left, right);
                        case LESS -> Values.compare(left, right) < 0;
                        case LESS_OR_EQUAL -> Values.compare(left, right) <= 0;
                        case GREATER -> Values.compare(left, right) > 0;
                        case GREATER_OR_EQUAL -> Values.compare(left, right) >= 0;
                        case IN -> contains(right, left);
                        case NOT_IN -> !contains(right, left);
                    };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean contains(Value container, Value element) {
        budget.steps(container instanceof Sequence(List<Value> items) ? items.size() : 1);
        return Values.contains(container, element);
    }
}
