package io.plumbline.inference.grammar.json;

import io.plumbline.inference.grammar.Node;
import io.plumbline.inference.grammar.regex.RegexParser;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** JSON Schema's formats of strings that are enforced; each is a regular expression for (a part of) what it allows. */
enum StringFormat {
    /** RFC 3339 full-date, leap years included. */
    DATE(Patterns.DATE),
    /** RFC 3339 full-time, without leap seconds. */
    TIME(Patterns.TIME),
    /** RFC 3339 date-time, without leap seconds. */
    DATE_TIME(Patterns.DATE + "T" + Patterns.TIME),
    /** ISO 8601, as RFC 3339 appendix A has it. */
    DURATION("P([0-9]{1,6}W|([0-9]{1,6}Y([0-9]{1,6}M([0-9]{1,6}D)?)?|[0-9]{1,6}M([0-9]{1,6}D)?|[0-9]{1,6}D)" + "(T"
            + Patterns.CLOCK + ")?|T" + Patterns.CLOCK + ")"),
    /** RFC 9562. */
    UUID("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    /** RFC 5321 mailboxes of the usual form: dot-atom at host name. */
    EMAIL("[A-Za-z0-9_%+-]{1,30}(\\.[A-Za-z0-9_%+-]{1,16}){0,2}@([A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?\\.){1,3}"
            + "[A-Za-z]{2,10}"),
    /** RFC 1123 host names. */
    HOSTNAME("([A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?\\.){0,4}[A-Za-z]([A-Za-z0-9]{0,20}[A-Za-z])?"),
    /** Dotted quads. */
    IPV4("(" + Patterns.OCTET + "\\.){3}" + Patterns.OCTET),
    /** The eight groups in full. */
    IPV6("([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}");

    /** Parts of the expressions. */
    private static final class Patterns {
        private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
        private static final String LEAP_YEAR =
                "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
        private static final String DATE = "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
                + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|" + LEAP_YEAR + "-02-29)";
        private static final String TIME =
                "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?" + "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])";
        private static final String CLOCK =
                "([0-9]{1,6}H([0-9]{1,6}M([0-9]{1,6}S)?)?|[0-9]{1,6}M([0-9]{1,6}S)?|[0-9]{1,6}S)";
    }

    private final String expression;

    StringFormat(String expression) {
        this.expression = expression;
    }

    /** The format of that name in a schema. */
    static Optional<StringFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.wireName().equals(name))
                .findFirst();
    }

    /** All names, for messages. */
    static String names() {
        return Arrays.stream(values()).map(StringFormat::wireName).collect(Collectors.joining(", "));
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The inside of a string of the format. */
    Node grammar() {
        return RegexParser.wholeMatch(expression, JsonGrammar::spelled);
    }
}
