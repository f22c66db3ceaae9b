package io.plumbline.platform.audit;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** No tree head of that size was signed. */
@AnswersWith(status = 404, code = "tree_head_not_found")
public final class TreeHeadNotFound extends PlatformException {
    private static final long serialVersionUID = 1L;

    /**
     * @param param the parameter that named it
     * @param size what it said
     */
    public TreeHeadNotFound(String param, long size) {
        super(
                "No tree head of %d entries was signed; GET /api/v1/audit/tree-heads lists the sizes that there are."
                        .formatted(size),
                param);
    }
}
