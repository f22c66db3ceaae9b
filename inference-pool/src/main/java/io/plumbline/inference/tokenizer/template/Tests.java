package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Value.Bool;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Undefined;
import java.util.Locale;

/** The tests behind {@code is}. */
final class Tests {
    private Tests() {}

    static boolean test(String name, Value subject, Arguments arguments) {
        return switch (name) {
            case "defined" -> !(subject instanceof Undefined);
            case "undefined" -> subject instanceof Undefined;
            case "none" -> subject == Value.None.NONE;
            case "string" -> subject instanceof Text;
            case "number" -> Values.isNumber(subject);
            case "integer" -> subject instanceof Value.Whole;
            case "float" -> subject instanceof Value.Real;
            case "boolean" -> subject instanceof Bool;
            case "true" -> subject.equals(new Bool(true));
            case "false" -> subject.equals(new Bool(false));
            case "mapping" -> subject instanceof Value.Mapping;
            case "sequence" ->
                subject instanceof Value.Sequence || subject instanceof Value.Mapping || subject instanceof Text;
            case "iterable" ->
                subject instanceof Value.Sequence
                        || subject instanceof Value.Mapping
                        || subject instanceof Text
                        || subject instanceof Undefined;
            case "callable" -> subject instanceof Value.Function;
            case "odd" -> Math.floorMod(Values.requireWhole(subject), 2) == 1;
            case "even" -> Math.floorMod(Values.requireWhole(subject), 2) == 0;
            case "divisibleby" ->
                divisible(Values.requireWhole(subject), Values.requireWhole(arguments.require(0, "num")));
            case "lower" -> Values.text(subject).equals(Values.text(subject).toLowerCase(Locale.ROOT));
            case "upper" -> Values.text(subject).equals(Values.text(subject).toUpperCase(Locale.ROOT));
            case "in" -> Values.contains(arguments.require(0, "seq"), subject);
            case "eq", "equalto", "==" -> Values.equal(subject, arguments.require(0, "other"));
            case "ne", "!=" -> !Values.equal(subject, arguments.require(0, "other"));
            case "lt", "lessthan", "<" -> Values.compare(subject, arguments.require(0, "other")) < 0;
            case "le", "<=" -> Values.compare(subject, arguments.require(0, "other")) <= 0;
            case "gt", "greaterthan", ">" -> Values.compare(subject, arguments.require(0, "other")) > 0;
            case "ge", ">=" -> Values.compare(subject, arguments.require(0, "other")) >= 0;
            case "sameas" ->
                subject.getClass() == arguments.require(0, "other").getClass()
                        && Values.equal(subject, arguments.require(0, "other"));
            default -> throw new Fault(TemplateException.Kind.SYNTAX, "the test '%s' is not supported".formatted(name));
        };
    }

    private static boolean divisible(long number, long divisor) {
        if (divisor == 0) {
            throw new Fault("nothing is divisible by 0");
        }
        return number % divisor == 0;
    }
}
