package io.plumbline.inference.grammar.json;

import io.plumbline.inference.grammar.ByteSet;
import io.plumbline.inference.grammar.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two bounds, written without exponent, as a grammar of digits.
 *
 * @param least null = no lower bound
 * @param leastExcluded whether the bound itself is out
 * @param most null = no upper bound
 * @param mostExcluded whether the bound itself is out
 */
record NumberRange(
        @Nullable BigDecimal least,
        boolean leastExcluded,
        @Nullable BigDecimal most,
        boolean mostExcluded) {
    /** Digits of a whole number without bounds. */
    private static final int WHOLE_DIGITS = 18;

    /**
     * Digits behind the point, and behind the digits of a bound: few enough that a reader with double precision does not
     * round a number onto a bound that is excluded.
     */
    private static final int FRACTION_DIGITS = 9;

    private static final Node ANY_FRACTION =
            Node.optional(Node.sequence(Node.literal("."), Node.repeat(JsonGrammar.DIGIT, 1, FRACTION_DIGITS)));

    private static final Node ANY_DIGITS = Node.repeat(JsonGrammar.DIGIT, 0, FRACTION_DIGITS);
    private static final Node ZEROS = Node.repeat(Node.literal("0"), 0, FRACTION_DIGITS);

    /** More than 0: some digit of what is left is not 0. */
    private static final Node NOT_ZERO = Node.sequence(ZEROS, ByteSet.range('1', '9'), ANY_DIGITS);

    /** The whole numbers of the range. */
    Node integers() {
        BigInteger from = least == null ? null : leastExcluded ? floor(least).add(BigInteger.ONE) : ceiling(least);
        BigInteger to = most == null ? null : mostExcluded ? ceiling(most).subtract(BigInteger.ONE) : floor(most);
        List<Node> ways = new ArrayList<>();
        if (to == null || to.signum() >= 0) {
            ways.add(whole(from == null ? BigInteger.ZERO : from.max(BigInteger.ZERO), to));
        }
        if (from == null || from.signum() < 0) {
            BigInteger smallest = to == null ? BigInteger.ONE : to.negate().max(BigInteger.ONE);
            ways.add(Node.sequence(Node.literal("-"), whole(smallest, from == null ? null : from.negate())));
        }
        return Node.choice(ways);
    }

    /** The numbers of the range, with a few digits behind the point. */
    Node decimals() {
        List<Node> ways = new ArrayList<>();
        BigDecimal zero = BigDecimal.ZERO;
        if (most == null || most.signum() >= 0) {
            BigDecimal from = least == null || least.signum() < 0 ? zero : least;
            boolean excluded = least != null && least.signum() >= 0 && leastExcluded;
            ways.add(positive(from, excluded, most, mostExcluded));
        }
        if (least == null || least.signum() < 0) {
            BigDecimal smallest = most == null || most.signum() >= 0 ? zero : most.negate();
            Node magnitude = positive(
                    smallest,
                    smallest.signum() == 0 || mostExcluded,
                    least == null ? null : least.negate(),
                    leastExcluded);
            ways.add(Node.sequence(Node.literal("-"), magnitude));
        }
        return Node.choice(ways);
    }

    private static Node positive(BigDecimal from, boolean fromExcluded, @Nullable BigDecimal to, boolean toExcluded) {
        BigInteger low = floor(from);
        String lowFraction = fraction(from);
        if (to == null) {
            return Node.choice(
                    Node.sequence(whole(low, low), atLeast(lowFraction, fromExcluded)),
                    Node.sequence(whole(low.add(BigInteger.ONE), null), ANY_FRACTION));
        }
        BigInteger high = floor(to);
        String highFraction = fraction(to);
        int order = low.compareTo(high);
        if (order > 0) {
            return Node.IMPOSSIBLE;
        }
        if (order == 0) {
            return Node.sequence(whole(low, low), between(lowFraction, fromExcluded, highFraction, toExcluded));
        }
        return Node.choice(
                Node.sequence(whole(low, low), atLeast(lowFraction, fromExcluded)),
                Node.sequence(whole(low.add(BigInteger.ONE), high.subtract(BigInteger.ONE)), ANY_FRACTION),
                Node.sequence(whole(high, high), atMost(highFraction, toExcluded)));
    }

    /** The point and digits that make at least {@code 0.digits}. */
    private static Node atLeast(String digits, boolean excluded) {
        if (digits.isEmpty()) {
            return excluded ? Node.sequence(Node.literal("."), NOT_ZERO) : ANY_FRACTION;
        }
        return Node.sequence(Node.literal("."), digitsAtLeast(digits, excluded));
    }

    private static Node digitsAtLeast(String digits, boolean excluded) {
        if (digits.isEmpty()) {
            return excluded ? NOT_ZERO : ANY_DIGITS;
        }
        char first = digits.charAt(0);
        List<Node> ways = new ArrayList<>();
        ways.add(Node.sequence(digit(first, first), digitsAtLeast(digits.substring(1), excluded)));
        if (first < '9') {
            ways.add(Node.sequence(digit(first + 1, '9'), ANY_DIGITS));
        }
        return Node.choice(ways);
    }

    /** The point and digits, or nothing, that make at most {@code 0.digits}. */
    private static Node atMost(String digits, boolean excluded) {
        if (digits.isEmpty()) {
            Node zeros = Node.sequence(Node.literal("."), Node.literal("0"), ZEROS);
            return excluded ? Node.IMPOSSIBLE : Node.optional(zeros);
        }
        return Node.optional(Node.sequence(Node.literal("."), digitsAtMost(digits, excluded)));
    }

    private static Node digitsAtMost(String digits, boolean excluded) {
        char first = digits.charAt(0);
        String rest = digits.substring(1);
        List<Node> ways = new ArrayList<>();
        if (first > '0') {
            ways.add(Node.sequence(digit('0', first - 1), ANY_DIGITS));
        }
        Node further = rest.isEmpty()
                ? (excluded ? Node.IMPOSSIBLE : ZEROS)
                : Node.optional(digitsAtMost(rest, excluded)); // fewer digits make less
        ways.add(Node.sequence(digit(first, first), further));
        return Node.choice(ways);
    }

    private static Node between(String low, boolean lowExcluded, String high, boolean highExcluded) {
        if (low.isEmpty() && !lowExcluded) {
            return atMost(high, highExcluded);
        }
        return Node.sequence(Node.literal("."), digitsBetween(low, lowExcluded, high, highExcluded));
    }

    private static Node digitsBetween(String low, boolean lowExcluded, String high, boolean highExcluded) {
        if (high.isEmpty()) {
            // Only zeros are not more; they are not less if the lower bound is exhausted too.
            return low.isEmpty() && !lowExcluded && !highExcluded ? ZEROS : Node.IMPOSSIBLE;
        }
        if (low.isEmpty() && !lowExcluded) {
            return Node.optional(digitsAtMost(high, highExcluded));
        }
        char from = low.isEmpty() ? '0' : low.charAt(0);
        String lowRest = low.isEmpty() ? "" : low.substring(1);
        char to = high.charAt(0);
        String highRest = high.substring(1);
        if (from > to) {
            return Node.IMPOSSIBLE;
        }
        if (from == to) {
            return Node.sequence(digit(from, from), digitsBetween(lowRest, lowExcluded, highRest, highExcluded));
        }
        List<Node> ways = new ArrayList<>();
        ways.add(Node.sequence(digit(from, from), digitsAtLeast(lowRest, lowExcluded)));
        if (from + 1 < to) {
            ways.add(Node.sequence(digit(from + 1, to - 1), ANY_DIGITS));
        }
        Node further = highRest.isEmpty()
                ? (highExcluded ? Node.IMPOSSIBLE : ZEROS)
                : Node.optional(digitsAtMost(highRest, highExcluded));
        ways.add(Node.sequence(digit(to, to), further));
        return Node.choice(ways);
    }

    /** Whole numbers from one to the other, none of them negative; null = as many as have 18 digits. */
    private static Node whole(BigInteger from, @Nullable BigInteger to) {
        int digits = Math.max(WHOLE_DIGITS, from.toString().length());
        BigInteger last = to == null ? BigInteger.TEN.pow(digits).subtract(BigInteger.ONE) : to;
        List<Node> lengths = new ArrayList<>();
        for (int length = from.toString().length(); length <= last.toString().length(); length++) {
            BigInteger shortest = length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
            BigInteger first = from.max(shortest);
            BigInteger end = last.min(BigInteger.TEN.pow(length).subtract(BigInteger.ONE));
            if (first.compareTo(end) <= 0) {
                lengths.add(sameLength(first.toString(), end.toString()));
            }
        }
        return Node.choice(lengths);
    }

    private static Node sameLength(String from, String to) {
        if (from.isEmpty()) {
            return Node.EMPTY;
        }
        char first = from.charAt(0);
        char last = to.charAt(0);
        int rest = from.length() - 1;
        if (first == last) {
            return Node.sequence(digit(first, first), sameLength(from.substring(1), to.substring(1)));
        }
        if (from.substring(1).equals("0".repeat(rest)) && to.substring(1).equals("9".repeat(rest))) {
            return Node.sequence(digit(first, last), Node.repeat(JsonGrammar.DIGIT, rest, rest));
        }
        List<Node> ways = new ArrayList<>();
        ways.add(Node.sequence(digit(first, first), sameLength(from.substring(1), "9".repeat(rest))));
        if (first + 1 < last) {
            ways.add(Node.sequence(digit(first + 1, last - 1), Node.repeat(JsonGrammar.DIGIT, rest, rest)));
        }
        ways.add(Node.sequence(digit(last, last), sameLength("0".repeat(rest), to.substring(1))));
        return Node.choice(ways);
    }

    private static ByteSet digit(int from, int to) {
        return ByteSet.range(from, to);
    }

    private static BigInteger floor(BigDecimal value) {
        return value.setScale(0, java.math.RoundingMode.FLOOR).toBigIntegerExact();
    }

    private static BigInteger ceiling(BigDecimal value) {
        return value.setScale(0, java.math.RoundingMode.CEILING).toBigIntegerExact();
    }

    /** Digits behind the point, without zeros at the end. */
    private static String fraction(BigDecimal value) {
        BigDecimal part = value.subtract(new BigDecimal(floor(value))).stripTrailingZeros();
        return part.signum() == 0 ? "" : part.toPlainString().substring(2);
    }
}
