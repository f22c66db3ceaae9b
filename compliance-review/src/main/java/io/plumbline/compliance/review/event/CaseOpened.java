package io.plumbline.compliance.review.event;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An answer is held until a person decides.
 *
 * @param answerId id of the answer
 * @param model the name the caller used
 * @param ruleSet hash of the rule bundle
 * @param rules those that hold it, as {@code MED-020@1}, each once
 * @param severity 1 (highest) to 4
 * @param heldSha256 digest of each held text as generated, by index of the choice
 */
public record CaseOpened(
        TenantId tenant,
        CaseId caseId,
        String answerId,
        String model,
        String ruleSet,
        List<String> rules,
        int severity,
        ReviewLevel level,
        Instant deadline,
        Map<Integer, String> heldSha256) {}
