package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Expression.ArgumentList;
import io.plumbline.inference.tokenizer.template.Expression.BinaryOperator;
import io.plumbline.inference.tokenizer.template.Expression.Comparator;
import io.plumbline.inference.tokenizer.template.Expression.Compared;
import io.plumbline.inference.tokenizer.template.Expression.UnaryOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Expressions, loosest first: {@code if … else}, {@code or}, {@code and}, {@code not}, comparisons, {@code + -}, {@code
 * ~}, {@code * / // %}, {@code **}, signs, filters and tests, then members, items and calls.
 */
final class ExpressionParser {
    private static final int MAX_NESTING = 100;

    /** Names that end a test's argument written without parentheses. */
    private static final Set<String> KEYWORDS = Set.of("else", "or", "and", "is", "if", "not", "in");

    private final TokenStream tokens;
    private int nesting;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Expression expression() {
        if (++nesting > MAX_NESTING) {
            throw tokens.error("expressions are nested more than %d deep".formatted(MAX_NESTING));
        }
        Expression expression = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            expression = new Expression.Conditional(condition, expression, otherwise);
        }
        nesting--;
        return expression;
    }

    /** One expression, or several with commas between them as a list. */
    Expression tuple() {
        return tuple(expression());
    }

    /** As {@link #tuple}, but a following {@code if} is not part of it. */
    Expression tupleWithoutConditional() {
        return tuple(or());
    }

    private Expression tuple(Expression first) {
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !atEnd()) {
            items.add(expression());
        }
        return new Expression.ListOf(items);
    }

    private boolean atEnd() {
        Token.Kind kind = tokens.peek().kind();
        return kind == Token.Kind.OUTPUT_END
                || kind == Token.Kind.BLOCK_END
                || kind == Token.Kind.END
                || tokens.isOperator(")");
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Binary(BinaryOperator.OR, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Binary(BinaryOperator.AND, left, not());
        }
        return left;
    }

    private Expression not() {
        if (tokens.skipName("not")) {
            return nested(() -> new Expression.Unary(UnaryOperator.NOT, not()));
        }
        return comparison();
    }

    private Expression nested(java.util.function.Supplier<Expression> inner) {
        if (++nesting > MAX_NESTING) {
            throw tokens.error("expressions are nested more than %d deep".formatted(MAX_NESTING));
        }
        Expression expression = inner.get();
        nesting--;
        return expression;
    }

    private Expression comparison() {
        Expression first = sum();
        List<Compared> rest = new ArrayList<>();
        for (Optional<Comparator> found = comparator(); found.isPresent(); found = comparator()) {
            rest.add(new Compared(found.get(), sum()));
        }
        return rest.isEmpty() ? first : new Expression.Comparison(first, rest);
    }

    private Optional<Comparator> comparator() {
        Token token = tokens.peek();
        if (token.is(Token.Kind.NAME, "not") && tokens.peek(1).is(Token.Kind.NAME, "in")) {
            tokens.next();
            tokens.next();
            return Optional.of(Comparator.NOT_IN);
        }
        if (tokens.skipName("in")) {
            return Optional.of(Comparator.IN);
        }
        if (token.kind() != Token.Kind.OPERATOR) {
            return Optional.empty();
        }
        Optional<Comparator> found =
                switch (token.text()) {
                    case "==" -> Optional.of(Comparator.EQUAL);
                    case "!=" -> Optional.of(Comparator.NOT_EQUAL);
                    case "<" -> Optional.of(Comparator.LESS);
                    case "<=" -> Optional.of(Comparator.LESS_OR_EQUAL);
                    case ">" -> Optional.of(Comparator.GREATER);
                    case ">=" -> Optional.of(Comparator.GREATER_OR_EQUAL);
                    default -> Optional.empty();
                };
        if (found.isPresent()) {
            tokens.next();
        }
        return found;
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            BinaryOperator operator = tokens.next().text().equals("+") ? BinaryOperator.ADD : BinaryOperator.SUBTRACT;
            left = new Expression.Binary(operator, left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.skipOperator("~")) {
            left = new Expression.Binary(BinaryOperator.CONCATENATE, left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (true) {
            BinaryOperator operator;
            if (tokens.skipOperator("*")) {
                operator = BinaryOperator.MULTIPLY;
            } else if (tokens.skipOperator("/")) {
                operator = BinaryOperator.DIVIDE;
            } else if (tokens.skipOperator("//")) {
                operator = BinaryOperator.FLOOR_DIVIDE;
            } else if (tokens.skipOperator("%")) {
                operator = BinaryOperator.MODULO;
            } else {
                return left;
            }
            left = new Expression.Binary(operator, left, power());
        }
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Binary(BinaryOperator.POWER, left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression expression;
        if (tokens.skipOperator("-")) {
            expression = nested(() -> new Expression.Unary(UnaryOperator.MINUS, unary(false)));
        } else if (tokens.skipOperator("+")) {
            expression = nested(() -> new Expression.Unary(UnaryOperator.PLUS, unary(false)));
        } else {
            expression = primary();
        }
        expression = postfix(expression);
        return withFilters ? filters(expression) : expression;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.peek().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(new Value.Text(text.toString()));
            }
            case WHOLE -> whole(token);
            case REAL -> new Expression.Literal(new Value.Real(Double.parseDouble(token.text())));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesised();
                    case "[" -> new Expression.ListOf(items());
                    case "{" -> dictionary();
                    default -> throw tokens.error("'%s' is not expected here".formatted(token.text()));
                };
            case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END ->
                throw tokens.error("an expression is expected");
        };
    }

    private Expression whole(Token token) {
        try {
            return new Expression.Literal(new Value.Whole(Long.parseLong(token.text())));
        } catch (NumberFormatException e) {
            throw tokens.error("the number %s is too large".formatted(token.text()));
        }
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(new Value.Bool(true));
            case "false", "False" -> new Expression.Literal(new Value.Bool(false));
            case "none", "None" -> new Expression.Literal(Value.None.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression parenthesised() {
        if (tokens.skipOperator(")")) {
            return new Expression.ListOf(List.of());
        }
        Expression expression = tuple();
        tokens.expectOperator(")");
        return expression;
    }

    private List<Expression> items() {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dictionary() {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expression key = expression();
            tokens.expectOperator(":");
            entries.add(Map.entry(key, expression()));
        }
        return new Expression.DictOf(entries);
    }

    private Expression postfix(Expression start) {
        Expression expression = start;
        while (true) {
            if (tokens.skipOperator(".")) {
                Token member = tokens.next();
                if (member.kind() == Token.Kind.WHOLE) {
                    expression = new Expression.Item(expression, whole(member));
                } else if (member.kind() == Token.Kind.NAME) {
                    expression = new Expression.Member(expression, member.text());
                } else {
                    throw tokens.error("a name is expected after '.'");
                }
            } else if (tokens.skipOperator("[")) {
                expression = subscript(expression);
            } else if (tokens.skipOperator("(")) {
                expression = new Expression.Call(expression, arguments());
            } else {
                return expression;
            }
        }
    }

    private Expression subscript(Expression object) {
        Optional<Expression> from = tokens.isOperator(":") ? Optional.empty() : Optional.of(expression());
        if (tokens.skipOperator("]")) {
            return new Expression.Item(object, from.orElseThrow());
        }
        tokens.expectOperator(":");
        Optional<Expression> to =
                tokens.isOperator(":") || tokens.isOperator("]") ? Optional.empty() : Optional.of(expression());
        Optional<Expression> step =
                tokens.skipOperator(":") && !tokens.isOperator("]") ? Optional.of(expression()) : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(object, from, to, step);
    }

    /** Arguments up to the closing parenthesis; the opening one has been read. */
    private ArgumentList arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.skipOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            if (tokens.peek().kind() == Token.Kind.NAME && tokens.peek(1).is(Token.Kind.OPERATOR, "=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.error("a positional argument follows a named one");
            }
        }
        return new ArgumentList(positional, named);
    }

    /** Any number of filters and tests behind an expression. */
    Expression filters(Expression start) {
        Expression expression = start;
        while (true) {
            if (tokens.skipOperator("|")) {
                expression = filter(expression);
            } else if (tokens.skipName("is")) {
                expression = test(expression);
            } else {
                return expression;
            }
        }
    }

    /** A filter without its bar, as in {@code {% filter upper %}}, and those that follow. */
    Expression firstFilter(Expression subject) {
        return filters(filter(subject));
    }

    private Expression filter(Expression subject) {
        String name = tokens.expect(Token.Kind.NAME).text();
        return new Expression.Filter(subject, name, tokens.skipOperator("(") ? arguments() : ArgumentList.EMPTY);
    }

    private Expression test(Expression subject) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Token.Kind.NAME).text();
        if (tokens.skipOperator("(")) {
            return new Expression.Test(subject, name, arguments(), negated);
        }
        Token next = tokens.peek();
        boolean takesArgument =
                switch (next.kind()) {
                    case NAME -> !KEYWORDS.contains(next.text());
                    case STRING, WHOLE, REAL -> true;
                    case OPERATOR -> next.text().equals("[") || next.text().equals("{");
                    case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
                };
        ArgumentList arguments =
                takesArgument ? new ArgumentList(List.of(postfix(primary())), Map.of()) : ArgumentList.EMPTY;
        return new Expression.Test(subject, name, arguments, negated);
    }
}
