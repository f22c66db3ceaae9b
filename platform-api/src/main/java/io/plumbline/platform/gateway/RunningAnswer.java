package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.NewCase;
import io.plumbline.platform.usage.Tokens;
import java.util.List;
import java.util.Optional;

/** An answer under way. Its thread is the caller's; {@link #cancel} may come from any. */
public interface RunningAnswer {
    /** Id of the answer, as {@code chatcmpl-…}. */
    String id();

    /** Unix seconds. */
    long created();

    /** The tier by which it is served; empty if the question asks for none. */
    Optional<ServiceTier> tier();

    /** Rules that fired so far, each once: before {@link #next} those of the question. */
    List<String> firedRules();

    /**
     * Rules whose words will be told beside the answer, as far as that is certain before {@link #next}, unless the answer
     * itself says what they ask for.
     */
    List<String> announced();

    /**
     * Waits for the next piece.
     *
     * @return empty when nothing came for a while; ask again unless {@link #ended}
     * @throws io.plumbline.inference.pool.InferenceException if the engine failed
     */
    Optional<Piece> next() throws InterruptedException;

    /** Whether every choice has ended. */
    boolean ended();

    /** Known when the answer has ended. */
    Tokens tokens();

    /** Whether nothing can leave before the answer has ended, because the question is held or the rules need the whole. */
    boolean silent();

    /**
     * Known when the answer has ended: the case to be opened for its held choices. Their ends may be told only after
     * {@link HeldAnswers#park}.
     */
    Optional<NewCase> held();

    /** Ends generation soon: the caller went away. */
    void cancel();
}
