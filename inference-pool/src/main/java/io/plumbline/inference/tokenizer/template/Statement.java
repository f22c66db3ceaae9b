package io.plumbline.inference.tokenizer.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that writes text or changes a variable. */
sealed interface Statement {
    /** Line in the template, from 1. */
    int line();

    record Data(String text, int line) implements Statement {}

    record Output(Expression expression, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

    /** {@code {% for targets in items if condition %} body {% else %} otherwise {% endfor %}}. */
    record For(
            List<String> targets,
            Expression items,
            Optional<Expression> condition,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    /** Assignment to one name or, by unpacking, to several. */
    record Set(List<String> names, Expression value, int line) implements Statement {}

    /** {@code {% set object.member = value %}}: only namespaces can be changed. */
    record SetMember(String object, String member, Expression value, int line) implements Statement {}

    /** {@code {% set name | filters %} body {% endset %}}; the filters' innermost subject is {@link #BODY}. */
    record SetBlock(String name, Expression filtered, List<Statement> body, int line) implements Statement {}

    /** {@code {% filter filters %} body {% endfilter %}}. */
    record FilterBlock(Expression filtered, List<Statement> body, int line) implements Statement {}

    record Macro(String name, List<String> parameters, Map<String, Expression> defaults, List<Statement> body, int line)
            implements Statement {}

    /** Statements that belong together without a scope of their own. */
    record Group(List<Statement> body, int line) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    /** Stands for the text of a block that is filtered; no template can spell this name. */
    String BODY = " body";
}
