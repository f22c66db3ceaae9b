package io.plumbline.ascend.acl;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Families of Ascend processors; what a device can do is looked up by family, never by "it is an Ascend". */
public enum SocFamily {
    A310P("310P (300I Duo)"),
    A310B("310B (200I A2)"),
    A910A("910A"),
    A2("A2 (910B)"),
    A3("A3 (910C)"),
    A950("950");

    private record Prefix(Pattern pattern, SocFamily family) {}

    /**
     * Tried in this order. The name {@code Ascend910B} without a digit is an old 910A, not an A2, so that A2 wants its
     * digit; {@code Ascend910_95} is what a 950 was called before its release.
     */
    private static final List<Prefix> PREFIXES = List.of(
            prefix("Ascend310P", A310P),
            prefix("Ascend310B", A310B),
            prefix("Ascend910B[1-4]", A2),
            prefix("Ascend910_93", A3),
            prefix("Ascend910_95", A950),
            prefix("Ascend950", A950),
            prefix("Ascend910", A910A));

    /** Families that this product has kernels for, with the way on for the others. */
    private static final Map<SocFamily, String> NOT_A_TARGET = Map.of(
            A310B, "Ascend 310B is not a target; use the backend 'cpu'",
            A910A, "Ascend 910A (old training cards) is not a target; use the backend 'cpu'");

    private final String title;

    SocFamily(String title) {
        this.title = title;
    }

    private static Prefix prefix(String expression, SocFamily family) {
        return new Prefix(Pattern.compile(expression), family);
    }

    /** The family of a name that the runtime tells, such as {@code Ascend910B3}; empty for an unknown name. */
    public static Optional<SocFamily> of(String socName) {
        return PREFIXES.stream()
                .filter(prefix -> prefix.pattern().matcher(socName).lookingAt())
                .map(Prefix::family)
                .findFirst();
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** Why this product does not run on the family; empty if it does. */
    public Optional<String> refusal() {
        return Optional.ofNullable(NOT_A_TARGET.get(this));
    }
}
