package io.plumbline.platform.gateway;

import io.plumbline.inference.pool.TokenLogprob;
import java.util.List;
import java.util.Optional;

/** What may leave of an answer, in order, per choice: texts, then one end. */
public sealed interface Piece {
    /** Index of the choice, from 0. */
    int choice();

    /** @param logprobs of the tokens whose text has left, if they were asked for and the text is as generated */
    record Text(int choice, String text, List<TokenLogprob> logprobs) implements Piece {}

    /**
     * @param refusal what a rule has to say where it withheld the text
     * @param held whether a person decides on the choice; such ends come last, and not before the answer is parked
     */
    record End(int choice, Ending ending, Optional<String> refusal, boolean held) implements Piece {}
}
