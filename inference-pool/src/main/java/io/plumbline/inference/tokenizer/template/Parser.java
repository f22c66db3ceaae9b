package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Statement.Branch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements of a template, by recursive descent; expressions are left to {@link ExpressionParser}. */
final class Parser {
    private static final int MAX_NESTING = 64;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int nesting;
    private int loops;

    Parser(List<Token> tokens) {
        this.tokens = new TokenStream(tokens);
        this.expressions = new ExpressionParser(this.tokens);
    }

    List<Statement> parse() {
        List<Statement> statements = body();
        if (tokens.peek().kind() != Token.Kind.END) {
            throw tokens.error(
                    "'%s' is not expected here".formatted(tokens.peek(1).text()));
        }
        return statements;
    }

    /** Statements up to a tag that does not begin one, such as {@code endif}. */
    private List<Statement> body(String... ends) {
        if (++nesting > MAX_NESTING) {
            throw tokens.error("blocks are nested more than %d deep".formatted(MAX_NESTING));
        }
        List<Statement> statements = new ArrayList<>();
        while (tokens.peek().kind() != Token.Kind.END && !atTag(ends)) {
            statements.add(statement());
        }
        nesting--;
        return statements;
    }

    private boolean atTag(String... names) {
        if (tokens.peek().kind() != Token.Kind.BLOCK_BEGIN) {
            return false;
        }
        for (String name : names) {
            if (tokens.peek(1).is(Token.Kind.NAME, name)) {
                return true;
            }
        }
        return false;
    }

    private Statement statement() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case DATA -> new Statement.Data(token.text(), token.line());
            case OUTPUT_BEGIN -> {
                Expression expression = expressions.tuple();
                tokens.expect(Token.Kind.OUTPUT_END);
                yield new Statement.Output(expression, token.line());
            }
            case BLOCK_BEGIN -> tag(tokens.expect(Token.Kind.NAME));
            case OUTPUT_END, BLOCK_END, NAME, STRING, WHOLE, REAL, OPERATOR, END ->
                throw tokens.error("a tag is expected");
        };
    }

    private Statement tag(Token name) {
        int line = name.line();
        return switch (name.text()) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro(line);
            case "filter" -> filterBlock(line);
            case "generation" -> { // marks the model's words for training; renders as if it were not there
                tokens.expect(Token.Kind.BLOCK_END);
                yield new Statement.Group(closed("endgeneration"), line);
            }
            case "break" -> leaveLoop(new Statement.Break(line));
            case "continue" -> leaveLoop(new Statement.Continue(line));
            default -> throw tokens.error("the tag '%s' is not supported here".formatted(name.text()));
        };
    }

    private Statement leaveLoop(Statement statement) {
        if (loops == 0) {
            throw tokens.error("break and continue belong into a loop");
        }
        tokens.expect(Token.Kind.BLOCK_END);
        return statement;
    }

    /** A body with its end tag. */
    private List<Statement> closed(String end) {
        List<Statement> statements = body(end);
        endTag(end);
        return statements;
    }

    private void endTag(String name) {
        if (!atTag(name)) {
            throw tokens.error("'%s' is missing".formatted(name));
        }
        tokens.next();
        tokens.next();
        tokens.expect(Token.Kind.BLOCK_END);
    }

    private Statement conditional(int line) {
        List<Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        Expression condition = expressions.tuple();
        tokens.expect(Token.Kind.BLOCK_END);
        branches.add(new Branch(condition, body("elif", "else", "endif")));
        while (atTag("elif")) {
            tokens.next();
            tokens.next();
            Expression next = expressions.tuple();
            tokens.expect(Token.Kind.BLOCK_END);
            branches.add(new Branch(next, body("elif", "else", "endif")));
        }
        if (atTag("else")) {
            endTag("else");
            otherwise = body("endif");
        }
        endTag("endif");
        return new Statement.If(branches, otherwise, line);
    }

    private Statement loop(int line) {
        List<String> targets = targets();
        tokens.expectName("in");
        Expression items = expressions.tupleWithoutConditional();
        Optional<Expression> condition = Optional.empty();
        if (tokens.skipName("if")) {
            condition = Optional.of(expressions.expression());
        }
        if (tokens.peek().is(Token.Kind.NAME, "recursive")) {
            throw tokens.error("recursive loops are not supported");
        }
        tokens.expect(Token.Kind.BLOCK_END);
        loops++;
        List<Statement> body = body("else", "endfor");
        loops--;
        List<Statement> otherwise = List.of();
        if (atTag("else")) {
            endTag("else");
            otherwise = body("endfor");
        }
        endTag("endfor");
        return new Statement.For(targets, items, condition, body, otherwise, line);
    }

    private List<String> targets() {
        boolean parenthesised = tokens.skipOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(tokens.expect(Token.Kind.NAME).text());
        } while (tokens.skipOperator(","));
        if (parenthesised) {
            tokens.expectOperator(")");
        }
        return names;
    }

    private Statement assignment(int line) {
        List<String> names = targets();
        if (names.size() == 1 && tokens.skipOperator(".")) {
            String member = tokens.expect(Token.Kind.NAME).text();
            tokens.expectOperator("=");
            Expression value = expressions.tuple();
            tokens.expect(Token.Kind.BLOCK_END);
            return new Statement.SetMember(names.getFirst(), member, value, line);
        }
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple();
            tokens.expect(Token.Kind.BLOCK_END);
            return new Statement.Set(names, value, line);
        }
        if (names.size() != 1) {
            throw tokens.error("a block can be assigned to one name only");
        }
        Expression filtered = expressions.filters(new Expression.Name(Statement.BODY));
        tokens.expect(Token.Kind.BLOCK_END);
        return new Statement.SetBlock(names.getFirst(), filtered, closed("endset"), line);
    }

    private Statement filterBlock(int line) {
        Expression filtered = expressions.firstFilter(new Expression.Name(Statement.BODY));
        tokens.expect(Token.Kind.BLOCK_END);
        return new Statement.FilterBlock(filtered, closed("endfilter"), line);
    }

    private Statement macro(int line) {
        String name = tokens.expect(Token.Kind.NAME).text();
        tokens.expectOperator("(");
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String parameter = tokens.expect(Token.Kind.NAME).text();
            parameters.add(parameter);
            if (tokens.skipOperator("=")) {
                defaults.put(parameter, expressions.expression());
            }
        }
        tokens.expect(Token.Kind.BLOCK_END);
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = closed("endmacro");
        loops = outerLoops;
        return new Statement.Macro(name, parameters, defaults, body, line);
    }
}
