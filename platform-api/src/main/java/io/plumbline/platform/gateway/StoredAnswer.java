package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.CaseId;
import java.util.Optional;

/**
 * An answer that is kept.
 *
 * @param body the chat.completion, as JSON: as it was sent, or after a decision as it is released
 * @param caseId the case under which it was held; empty if it never was
 * @param pending whether a person has still to decide on it
 */
public record StoredAnswer(String body, Optional<CaseId> caseId, boolean pending) {}
