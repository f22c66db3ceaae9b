package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Statement.Branch;
import io.plumbline.inference.tokenizer.template.Value.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs statements; what they write is collected in one text. */
final class Renderer {
    private final Budget budget;
    private final Evaluator evaluator;
    private StringBuilder output = new StringBuilder();
    private int line;
    private int loopDepth;

    /** How a list of statements ended. */
    private enum End {
        NORMAL,
        BREAK,
        CONTINUE
    }

    Renderer(Budget budget) {
        this.budget = budget;
        this.evaluator = new Evaluator(budget);
    }

    String render(List<Statement> statements, Scope scope) {
        try {
            run(statements, scope);
            return output.toString();
        } catch (Fault fault) {
            throw fault.at(line);
        } catch (StackOverflowError e) {
            // Chains such as a+a+a+… nest without the parser nesting; nothing but this rendering is affected.
            throw Budget.limit("its expressions are nested too deeply").at(line);
        }
    }

    private End run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            End end = run(statement, scope);
            if (end != End.NORMAL) {
                return end;
            }
        }
        return End.NORMAL;
    }

    private End run(Statement statement, Scope scope) {
        budget.steps(1);
        line = statement.line();
        switch (statement) {
            case Statement.Data data -> write(data.text());
            case Statement.Output(Expression expression, int at) ->
                write(Values.text(evaluator.value(expression, scope)));
            case Statement.If conditional -> {
                return runIf(conditional, scope);
            }
            case Statement.For loop -> runFor(loop, scope);
            case Statement.Set set -> assign(set.names(), evaluator.value(set.value(), scope), scope);
            case Statement.SetMember set -> setMember(set, scope);
            case Statement.SetBlock set -> scope.set(set.name(), filtered(set.filtered(), set.body(), scope));
            case Statement.FilterBlock block -> write(Values.text(filtered(block.filtered(), block.body(), scope)));
            case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
            case Statement.Group(List<Statement> body, int at) -> {
                return run(body, scope);
            }
            case Statement.Break end -> {
                return End.BREAK;
            }
            case Statement.Continue end -> {
                return End.CONTINUE;
            }
        }
        return End.NORMAL;
    }

    private void write(String text) {
        budget.characters(text.length());
        if (output.length() + text.length() > Budget.MAX_OUTPUT) {
            throw Budget.limit("it writes more than %d characters".formatted(Budget.MAX_OUTPUT));
        }
        output.append(text);
    }

    private End runIf(Statement.If conditional, Scope scope) {
        for (Branch branch : conditional.branches()) {
            if (Values.isTrue(evaluator.value(branch.condition(), scope))) {
                return run(branch.body(), scope);
            }
        }
        return run(conditional.otherwise(), scope);
    }

    private void runFor(Statement.For loop, Scope scope) {
        List<Value> items = new ArrayList<>();
        for (Value item : Values.elements(evaluator.value(loop.items(), scope))) {
            budget.steps(1);
            if (loop.condition().isEmpty()) {
                items.add(item);
                continue;
            }
            Scope trial = new Scope(scope);
            assign(loop.targets(), item, trial);
            if (Values.isTrue(evaluator.value(loop.condition().get(), trial))) {
                items.add(item);
            }
        }
        if (items.isEmpty()) {
            run(loop.otherwise(), new Scope(scope));
            return;
        }
        loopDepth++;
        End end = End.NORMAL;
        for (int i = 0; i < items.size() && end != End.BREAK; i++) {
            Scope inner = new Scope(scope);
            assign(loop.targets(), items.get(i), inner);
            inner.set("loop", new Value.Loop(items, i, loopDepth));
            end = run(loop.body(), inner);
        }
        loopDepth--;
    }

    private static void assign(List<String> names, Value value, Scope scope) {
        if (names.size() == 1) {
            scope.set(names.getFirst(), value);
            return;
        }
        List<Value> parts = Values.elements(value);
        if (parts.size() != names.size()) {
            throw new Fault("%d values do not fit %d names".formatted(parts.size(), names.size()));
        }
        for (int i = 0; i < names.size(); i++) {
            scope.set(names.get(i), parts.get(i));
        }
    }

    private void setMember(Statement.SetMember set, Scope scope) {
        if (!(scope.get(set.object()) instanceof Value.Namespace namespace)) {
            throw new Fault("'%s' is no namespace; nothing else can be changed".formatted(set.object()));
        }
        namespace.members().put(set.member(), evaluator.value(set.value(), scope));
    }

    private Value filtered(Expression filtered, List<Statement> body, Scope scope) {
        Scope inner = new Scope(scope);
        inner.set(Statement.BODY, new Text(captured(body, new Scope(scope))));
        return evaluator.value(filtered, inner);
    }

    /** What statements write, as text of its own. */
    private String captured(List<Statement> body, Scope scope) {
        StringBuilder outer = output;
        output = new StringBuilder();
        run(body, scope);
        String text = output.toString();
        output = outer;
        return text;
    }

    private Value function(Statement.Macro macro, Scope definedIn) {
        return new Value.Function(macro.name(), arguments -> {
            Scope scope = new Scope(definedIn);
            Set<String> unknown = new HashSet<>(arguments.named().keySet());
            macro.parameters().forEach(unknown::remove);
            if (arguments.positional().size() > macro.parameters().size() || !unknown.isEmpty()) {
                throw new Fault("the macro '%s' does not take these arguments".formatted(macro.name()));
            }
            for (int i = 0; i < macro.parameters().size(); i++) {
                String parameter = macro.parameters().get(i);
                Expression otherwise = macro.defaults().get(parameter);
                scope.set(
                        parameter,
                        arguments
                                .find(i, parameter)
                                .orElseGet(() -> otherwise == null
                                        ? new Value.Undefined(parameter)
                                        : evaluator.value(otherwise, scope)));
            }
            int caller = line;
            Value text = new Text(captured(macro.body(), scope));
            line = caller;
            return text;
        });
    }
}
