package io.plumbline.compliance.detect;

/** A metadata detector ({@code md}): something that is so whatever the text says. */
public interface Condition {
    /** Kind and name as verdicts show them, such as {@code md:consent-missing}. */
    String id();

    /** Whether it is so. An exception means that it could not judge: it abstains. */
    boolean holds(Facts facts);
}
