package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.platform.identity.Caller;
import java.util.List;
import java.util.Optional;

/** For callers within the process, which have no response to write: keeps an answer as REST keeps and returns it. */
public interface AnswerArchive {
    /**
     * Keeps an answer that has ended: with a case where a person decides, else if the question asked to store it. If this
     * fails, nothing of a held text may be shown.
     *
     * @param pieces all of it, in order
     * @return the case under which a person decides; empty if nobody need
     */
    Optional<CaseId> keep(Caller caller, ChatQuestion question, RunningAnswer answer, List<Piece> pieces);
}
