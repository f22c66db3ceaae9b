package io.plumbline.platform.gateway;

import io.plumbline.platform.usage.Tokens;
import java.util.List;
import java.util.Optional;

/** An answer under way. Its thread is the caller's; {@link #cancel} may come from any. */
public interface RunningAnswer {
    /** Id of the answer, as {@code chatcmpl-…}. */
    String id();

    /** Unix seconds. */
    long created();

    /** Rules that fired so far, each once: before {@link #next} those of the question. */
    List<String> firedRules();

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

    /** Ends generation soon: the caller went away. */
    void cancel();
}
