package io.plumbline.platform.review.rest;

import io.plumbline.compliance.review.Escalation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** @param at Unix seconds */
@Schema(name = "ReviewEscalation")
public record EscalationView(String by, long at, String reason) {
    static EscalationView of(Escalation escalation) {
        return new EscalationView(escalation.by(), escalation.at().getEpochSecond(), escalation.reason());
    }
}
