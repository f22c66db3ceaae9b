package io.plumbline.platform.gateway;

import io.plumbline.compliance.screen.Notice;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.List;
import java.util.Optional;

/** What may leave of an answer, in order, per choice: texts, then calls of tools, then one end. */
public sealed interface Piece {
    /** Index of the choice, from 0. */
    int choice();

    /** @param logprobs of the tokens whose text has left, if they were asked for and the text is as generated */
    record Text(int choice, String text, List<TokenLogprob> logprobs) implements Piece {}

    /**
     * A call begins; its arguments follow.
     *
     * @param index of the call in the choice, from 0
     * @param id made up for the call; its result is sent back under it
     */
    record ToolCall(int choice, int index, String id, String name) implements Piece {}

    /** @param text a piece of the arguments, a JSON object, of the call that began last */
    record Arguments(int choice, int index, String text) implements Piece {}

    /**
     * @param refusal what a rule has to say where it withheld the text
     * @param held whether a person decides on the choice; such ends come last, and not before the answer is parked
     * @param notices words to be told beside an answer in a form; none where it is withheld
     */
    record End(int choice, Ending ending, Optional<String> refusal, boolean held, List<Notice> notices)
            implements Piece {
        public End {
            notices = List.copyOf(notices);
        }

        /** The end of a choice that is withheld. */
        static End withheld(int choice, String refusal, boolean held) {
            return new End(choice, Ending.CONTENT_FILTER, Optional.of(refusal), held, List.of());
        }
    }
}
