package io.plumbline.console.playground;

import java.util.Optional;

/**
 * What there is of an answer at one moment.
 *
 * @param answerId known once the gateway took the question
 * @param text what may be read so far
 * @param end once it has ended
 * @param failure why there is no answer
 */
record Reply(
        Phase phase,
        Optional<String> answerId,
        String text,
        Optional<AnswerEnd> end,
        Optional<RuntimeException> failure) {
    /** Where an answer is in its life. */
    enum Phase {
        /** Nothing may be read yet. */
        WAITING,
        /** Text arrives. */
        STREAMING,
        /** The model came to its end. */
        COMPLETE,
        /** The limit of tokens was reached. */
        CUT,
        /** The person stopped it. */
        STOPPED,
        /** A rule withheld question or answer. */
        WITHHELD,
        /** A reviewer has still to decide. */
        HELD,
        /** A reviewer released it. */
        RELEASED,
        /** A reviewer did not release it, or nobody decided in time. */
        REFUSED,
        /** There is none: an error. */
        FAILED;

        boolean running() {
            return this == WAITING || this == STREAMING;
        }
    }

    static final Reply NOTHING_YET = new Reply(Phase.WAITING, Optional.empty(), "", Optional.empty(), Optional.empty());

    Reply begun(String id) {
        return new Reply(phase, Optional.of(id), text, end, failure);
    }

    Reply with(String more) {
        return new Reply(Phase.STREAMING, answerId, text + more, end, failure);
    }

    Reply ended(AnswerEnd how, boolean stopped) {
        Phase last =
                switch (how.ending()) {
                    case CONTENT_FILTER -> how.caseId().isPresent() ? Phase.HELD : Phase.WITHHELD;
                    case STOP, TOOL_CALLS -> Phase.COMPLETE;
                    case LENGTH -> stopped ? Phase.STOPPED : Phase.CUT;
                };
        return new Reply(last, answerId, text, Optional.of(how), failure);
    }

    /** @param decision what a reviewer made of it */
    Reply decided(Decided decision) {
        return new Reply(decision.released() ? Phase.RELEASED : Phase.REFUSED, answerId, decision.text(), end, failure);
    }

    Reply failed(RuntimeException why) {
        return new Reply(Phase.FAILED, answerId, text, end, Optional.of(why));
    }

    /** What is sent along as the model's turn with the next question; empty if rules or errors left none. */
    Optional<String> said() {
        return switch (phase) {
            case COMPLETE, CUT, STOPPED -> text.isBlank() ? Optional.empty() : Optional.of(text);
            case WAITING, STREAMING, WITHHELD, HELD, RELEASED, REFUSED, FAILED -> Optional.empty();
        };
    }
}
