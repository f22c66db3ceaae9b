package io.plumbline.compliance.review;

import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A case as a line of the queue.
 *
 * @param findings those that hold it, strongest first
 * @param excerpt the beginning of the last message of the conversation
 * @param position where it stands in the list, to go on from there
 */
public record CaseSummary(
        CaseId id,
        TenantId tenant,
        CaseState state,
        ReviewLevel level,
        int severity,
        CaseOrigin origin,
        List<CaseFinding> findings,
        String excerpt,
        Instant openedAt,
        Instant deadline,
        Optional<Lease> lease,
        Optional<Outcome> outcome,
        CasePosition position) {}
