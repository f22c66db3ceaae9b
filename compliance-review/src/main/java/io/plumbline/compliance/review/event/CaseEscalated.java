package io.plumbline.compliance.review.event;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.inference.TenantId;
import java.time.Instant;

/**
 * A reviewer handed a case to the second level.
 *
 * @param reviewer who may not decide it any more
 * @param token fencing token of the lease under which it was escalated
 */
public record CaseEscalated(TenantId tenant, CaseId caseId, String answerId, String reviewer, long token, Instant at) {}
