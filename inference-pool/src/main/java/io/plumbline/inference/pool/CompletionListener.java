package io.plumbline.inference.pool;

/**
 * Receives an answer as it is generated. Calls come one after another, from a thread of the pool that carries
 * this answer alone: a listener that blocks makes its answer wait, and no other; exactly one of {@link #onFinish} and {@link #onFailure} comes last.
 */
public interface CompletionListener {
    /** More text; never half a character, never part of a stop string. */
    void onText(TextDelta delta);

    void onFinish(FinishedCompletion finished);

    void onFailure(InferenceException failure);
}
