package io.plumbline.compliance.review.event;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.Lease;
import io.plumbline.inference.TenantId;

/** A reviewer began to work on a case. */
public record CaseClaimed(TenantId tenant, CaseId caseId, String answerId, Lease lease) {}
