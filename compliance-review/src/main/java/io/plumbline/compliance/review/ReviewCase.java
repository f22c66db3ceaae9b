package io.plumbline.compliance.review;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.OutputConstraint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A held answer as it is now.
 *
 * @param id names it
 * @param tenant whose answer it is
 * @param state where it is in its life
 * @param level who has to decide
 * @param severity of what holds it: 1 (highest) to 4
 * @param origin where it comes from
 * @param conversation as the caller sent it
 * @param choices the held ones
 * @param findings of question and answer, strongest first
 * @param form what the answer was held to while it was generated; what is released has to be of it too
 * @param openedAt since when it waits
 * @param deadline when it expires and nothing is released
 * @param lease who works on it; present while the state is {@link CaseState#CLAIMED}
 * @param escalation empty unless a reviewer escalated it
 * @param outcome present in terminal states
 */
public record ReviewCase(
        CaseId id,
        TenantId tenant,
        CaseState state,
        ReviewLevel level,
        int severity,
        CaseOrigin origin,
        List<CaseMessage> conversation,
        List<HeldChoice> choices,
        List<CaseFinding> findings,
        OutputConstraint form,
        Instant openedAt,
        Instant deadline,
        Optional<Lease> lease,
        Optional<Escalation> escalation,
        Optional<Outcome> outcome) {}
