package io.plumbline.compliance.review;

import java.util.Map;
import java.util.TreeMap;

/** What a reviewer makes of a case. */
public sealed interface Decision {
    /** Releases every held choice as the rules left it. */
    record Approve() implements Decision {}

    /**
     * Releases the reviewer's own words.
     *
     * @param texts by index of the choice; a held choice that is not named is released as the rules left it
     */
    record Edit(Map<Integer, String> texts) implements Decision {
        public Edit {
            texts = Map.copyOf(new TreeMap<>(texts));
        }
    }

    /**
     * Releases nothing.
     *
     * @param reason for colleagues and auditors; the caller does not see it
     */
    record Reject(String reason) implements Decision {}

    /**
     * Hands the case to the second level, where somebody else decides.
     *
     * @param reason what the colleague should know
     */
    record Escalate(String reason) implements Decision {}
}
