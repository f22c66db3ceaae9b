package io.plumbline.inference.tokenizer.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something with a value. */
sealed interface Expression {
    record Literal(Value value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    record DictOf(List<Map.Entry<Expression, Expression>> entries) implements Expression {}

    /** {@code object.name}. */
    record Member(Expression object, String name) implements Expression {}

    /** {@code object[key]}. */
    record Item(Expression object, Expression key) implements Expression {}

    /** {@code object[from:to:step]}. */
    record Slice(Expression object, Optional<Expression> from, Optional<Expression> to, Optional<Expression> step)
            implements Expression {}

    record Call(Expression function, ArgumentList arguments) implements Expression {}

    /** {@code subject | name(arguments)}. */
    record Filter(Expression subject, String name, ArgumentList arguments) implements Expression {}

    /** {@code subject is name(arguments)}, or {@code is not}. */
    record Test(Expression subject, String name, ArgumentList arguments, boolean negated) implements Expression {}

    record Unary(UnaryOperator operator, Expression operand) implements Expression {}

    record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {}

    /** {@code a < b <= c}: every neighbouring pair must hold. */
    record Comparison(Expression first, List<Compared> rest) implements Expression {}

    /** {@code then if condition else otherwise}. */
    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise) implements Expression {}

    record Compared(Comparator comparator, Expression operand) {}

    record ArgumentList(List<Expression> positional, Map<String, Expression> named) {
        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of());
    }

    enum UnaryOperator {
        NOT,
        MINUS,
        PLUS
    }

    enum BinaryOperator {
        AND,
        OR,
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        FLOOR_DIVIDE,
        MODULO,
        POWER,
        CONCATENATE
    }

    enum Comparator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IN,
        NOT_IN
    }
}
