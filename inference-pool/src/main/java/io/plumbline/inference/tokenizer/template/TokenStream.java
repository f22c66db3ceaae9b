package io.plumbline.inference.tokenizer.template;

import java.util.List;

/** Tokens with a place in them. */
final class TokenStream {
    private final List<Token> tokens;
    private int position;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        position++;
        return token;
    }

    Token expect(Token.Kind kind) {
        if (peek().kind() != kind) {
            throw error("%s is expected, not '%s'".formatted(kind, peek().text()));
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw error("'%s' is expected, not '%s'".formatted(operator, peek().text()));
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw error("'%s' is expected, not '%s'".formatted(name, peek().text()));
        }
    }

    boolean isOperator(String operator) {
        return peek().is(Token.Kind.OPERATOR, operator);
    }

    boolean isName(String name) {
        return peek().is(Token.Kind.NAME, name);
    }

    boolean skipOperator(String operator) {
        boolean found = isOperator(operator);
        position += found ? 1 : 0;
        return found;
    }

    boolean skipName(String name) {
        boolean found = isName(name);
        position += found ? 1 : 0;
        return found;
    }

    TemplateException error(String message) {
        return new Fault(TemplateException.Kind.SYNTAX, message).at(peek().line());
    }
}
