package io.plumbline.compliance.review;

import java.util.Map;

/**
 * What a reviewer has typed so far.
 *
 * @param texts by index of the choice
 * @param note the reason or remark; may be empty
 */
public record DraftText(Map<Integer, String> texts, String note) {
    public DraftText {
        texts = Map.copyOf(texts);
    }
}
