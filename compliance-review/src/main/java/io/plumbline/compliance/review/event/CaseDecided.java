package io.plumbline.compliance.review.event;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CaseState;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A reviewer decided a case.
 *
 * @param decision approved, edited or rejected
 * @param reviewer subject of the person
 * @param token fencing token of the lease under which it was decided
 * @param rules those that held it
 * @param heldSha256 digest of each held text as generated, by index of the choice
 * @param releasedSha256 digest of what the caller gets, likewise; empty if nothing
 */
public record CaseDecided(
        TenantId tenant,
        CaseId caseId,
        String answerId,
        CaseState decision,
        String reviewer,
        long token,
        ReviewLevel level,
        String ruleSet,
        List<String> rules,
        Instant at,
        Map<Integer, String> heldSha256,
        Map<Integer, String> releasedSha256) {}
