package io.plumbline.compliance.screen;

import java.util.List;

/**
 * Screens one answer while it is generated. For every way of cutting the answer into pieces, the concatenation of
 * what is released and the final action equal those of screening the whole text. No character of a span that is blocked
 * or redacted is ever released. Not thread-safe.
 */
public interface StreamScreen {
    /**
     * Takes the next piece and returns what may leave now (possibly nothing, possibly text of earlier pieces).
     * Once something was withheld, always returns the empty string; once {@link #blocked}, stop generating.
     */
    String push(String piece);

    /**
     * Ends the answer: the remaining text, the notices, and every verdict. {@code text} is only what is still to be sent;
     * {@code releasable} is the whole answer, together with what has left.
     */
    Screened finish();

    /**
     * The rules whose words will be told beside the answer, as far as that is certain before it begins, unless the answer
     * itself says what they ask for.
     */
    List<String> announced();

    /** Whether a rule withheld the answer; text released before stays released, nothing more will be. */
    boolean withheld();

    /** Whether a rule blocks the answer for good. One that is withheld but not blocked goes on, for a person to decide. */
    boolean blocked();

    /** Whether an active rule needs the whole answer, so that nothing leaves before {@link #finish}. */
    boolean buffers();
}
