package io.plumbline.console.audit;

import io.plumbline.console.i18n.Languages;
import io.plumbline.console.i18n.Translations;
import java.util.List;

/** Types of acts in plain words. */
final class ActNames {
    /** Those that the search offers; others can be typed. */
    static final List<String> KNOWN = List.of(
            "answer",
            "answer.released",
            "answer.withheld",
            "answer.held",
            "answer.failed",
            "case",
            "case.opened",
            "case.claimed",
            "case.escalated",
            "case.decided",
            "file",
            "file.uploaded",
            "file.deleted",
            "fine_tuning_job",
            "fine_tuning_job.created",
            "fine_tuning_job.cancelled",
            "fine_tuning_job.succeeded",
            "fine_tuning_job.failed",
            "deployment",
            "deployment.pending",
            "deployment.live",
            "deployment.failed",
            "deployment.retired",
            "model.deleted",
            "screening_policy.chosen",
            "api_key",
            "api_key.created",
            "api_key.revoked",
            "member",
            "member.added",
            "member.roles_changed",
            "member.password_reset",
            "member.removed",
            "embedding.created",
            "moderation.created",
            "session.started",
            "audit.exported");

    private ActNames() {}

    /** The name of a type; one that has none stands for itself. */
    static String of(String type) {
        return Translations.pattern("auditlog.type." + type, Languages.current())
                .orElse(type);
    }
}
