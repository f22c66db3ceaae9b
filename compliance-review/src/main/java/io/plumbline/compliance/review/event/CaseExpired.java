package io.plumbline.compliance.review.event;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The deadline of a case passed; nothing is released.
 *
 * @param rules those that held it
 * @param heldSha256 digest of each held text as generated, by index of the choice
 */
public record CaseExpired(
        TenantId tenant,
        CaseId caseId,
        String answerId,
        String ruleSet,
        List<String> rules,
        Instant at,
        Map<Integer, String> heldSha256) {}
