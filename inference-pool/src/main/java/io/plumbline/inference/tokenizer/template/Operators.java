package io.plumbline.inference.tokenizer.template;

import io.plumbline.inference.tokenizer.template.Value.Real;
import io.plumbline.inference.tokenizer.template.Value.Sequence;
import io.plumbline.inference.tokenizer.template.Value.Text;
import io.plumbline.inference.tokenizer.template.Value.Whole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Arithmetic, joining, indexing and slicing with Python's meaning. */
final class Operators {
    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    Value add(Value left, Value right) {
        if (left instanceof Text(String a) && right instanceof Text(String b)) {
            return join(a, b);
        }
        if (left instanceof Sequence(List<Value> a) && right instanceof Sequence(List<Value> b)) {
            budget.steps((long) a.size() + b.size());
            List<Value> all = new ArrayList<>(a);
            all.addAll(b);
            return new Sequence(all);
        }
        return arithmetic("+", left, right);
    }

    Value concatenate(Value left, Value right) {
        return join(Values.text(left), Values.text(right));
    }

    private Value join(String left, String right) {
        budget.characters((long) left.length() + right.length());
        return new Text(left + right);
    }

    Value multiply(Value left, Value right) {
        if (left instanceof Text(String text)) {
            return repeat(text, right);
        }
        if (right instanceof Text(String text)) {
            return repeat(text, left);
        }
        if (left instanceof Sequence(List<Value> items)) {
            int times = Math.max(0, Values.requireInt(right));
            budget.steps((long) items.size() * times);
            List<Value> all = new ArrayList<>();
            Collections.nCopies(items.isEmpty() ? 0 : times, items).forEach(all::addAll);
            return new Sequence(all);
        }
        return arithmetic("*", left, right);
    }

    private Value repeat(String text, Value times) {
        int count = Math.max(0, Values.requireInt(times));
        budget.characters((long) text.length() * count);
        return new Text(text.isEmpty() ? "" : text.repeat(count));
    }

    Value arithmetic(String operator, Value left, Value right) {
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw new Fault(
                    "'%s' does not work on %s and %s".formatted(operator, Values.kind(left), Values.kind(right)));
        }
        boolean real = left instanceof Real || right instanceof Real || operator.equals("/");
        try {
            return real
                    ? new Real(real(operator, Values.real(left), Values.real(right)))
                    : whole(operator, Values.requireWhole(left), Values.requireWhole(right));
        } catch (ArithmeticException e) {
            throw new Fault("'%s' fails on %s and %s".formatted(operator, Values.literal(left), Values.literal(right)));
        }
    }

    private static double real(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / nonZero(right);
            case "//" -> Math.floor(left / nonZero(right));
            case "%" -> left - Math.floor(left / nonZero(right)) * right;
            case "**" -> Math.pow(left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) {
            throw new ArithmeticException("division by zero");
        }
        return divisor;
    }

    private static Value whole(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> new Whole(Math.addExact(left, right));
            case "-" -> new Whole(Math.subtractExact(left, right));
            case "*" -> new Whole(Math.multiplyExact(left, right));
            case "//" -> new Whole(Math.floorDiv(left, right));
            case "%" -> new Whole(Math.floorMod(left, right));
            case "**" -> power(left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static Value power(long base, long exponent) {
        if (exponent < 0) {
            return new Real(Math.pow(nonZero(base), exponent));
        }
        double estimate = Math.pow(base, exponent);
        if (Math.abs(estimate) >= 0x1p62) {
            throw new ArithmeticException("too large");
        }
        long result = 1;
        for (long i = 0; i < exponent && result != 0 && base != 1; i++) {
            if (base == -1) {
                return new Whole(exponent % 2 == 0 ? 1 : -1);
            }
            result *= base;
        }
        return new Whole(result);
    }

    /** {@code object[index]} for strings and lists; undefined beyond the end. */
    Value item(Value object, long index) {
        List<Value> items = Values.elements(object);
        budget.steps(object instanceof Text ? items.size() : 1);
        long position = index < 0 ? index + items.size() : index;
        return position >= 0 && position < items.size()
                ? items.get((int) position)
                : new Value.Undefined("[%d]".formatted(index));
    }

    /** {@code object[from:to:step]} for strings and lists. */
    Value slice(Value object, Optional<Value> from, Optional<Value> to, Optional<Value> step) {
        List<Value> items = Values.elements(object);
        int size = items.size();
        budget.steps(size);
        int stride =
                step.filter(v -> v != Value.None.NONE).map(Values::requireInt).orElse(1);
        if (stride == 0) {
            throw new Fault("a slice's step cannot be 0");
        }
        int least = stride > 0 ? 0 : -1;
        int most = stride > 0 ? size : size - 1;
        int start = bound(from, size, stride > 0 ? 0 : size - 1, least, most);
        int end = bound(to, size, stride > 0 ? size : -1, least, most);
        List<Value> chosen = new ArrayList<>();
        for (long i = start; stride > 0 ? i < end : i > end; i += stride) {
            chosen.add(items.get((int) i));
        }
        if (object instanceof Text) {
            StringBuilder text = new StringBuilder();
            chosen.forEach(c -> text.append(Values.requireText(c)));
            budget.characters(text.length());
            return new Text(text.toString());
        }
        return new Sequence(chosen);
    }

    private static int bound(Optional<Value> value, int size, int otherwise, int least, int most) {
        if (value.isEmpty() || value.get() == Value.None.NONE) {
            return otherwise;
        }
        int index = Values.requireInt(value.get());
        return Math.clamp(index < 0 ? (long) index + size : index, least, most);
    }
}
