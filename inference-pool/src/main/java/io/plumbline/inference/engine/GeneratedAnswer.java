package io.plumbline.inference.engine;

import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.List;

/**
 * A whole answer.
 *
 * @param text all pieces joined
 * @param logprobs one per token of the text
 * @param finished how it ended
 * @param firstTokenSeconds from the request to the first piece
 * @param tokensPerSecond tokens after the first, by second; 0 if there are none
 */
record GeneratedAnswer(
        String text,
        List<TokenLogprob> logprobs,
        FinishedCompletion finished,
        double firstTokenSeconds,
        double tokensPerSecond) {}
