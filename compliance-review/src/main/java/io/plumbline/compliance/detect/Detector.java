package io.plumbline.compliance.detect;

import java.util.List;

/** Finds spans in one sentence. Holds no state of a text; safe for use by many threads. */
public interface Detector {
    /** Kind and name as verdicts show them, such as {@code rc:resident-id}. */
    String id();

    /** Every span in a sentence. An exception means that it could not judge: it abstains. */
    List<Match> find(Sentence sentence, Facts facts);

    /** Begins one text. Only a detector whose spans cross sentences needs more than this. */
    default Tracker track(Facts facts) {
        return sentence -> find(sentence, facts);
    }

    /**
     * Longest span, with what must be seen around it, in characters of a view; {@link Integer#MAX_VALUE} if a span may be
     * as long as its sentence. A stream holds back twice as much of a sentence that is still growing.
     */
    int reach();
}
