package io.plumbline.console.audit;

import io.plumbline.console.i18n.Languages;
import io.plumbline.console.i18n.Translations;
import java.util.List;

/** Types of acts in plain words. */
final class ActNames {
    /** Those that the search offers; others can be typed. */
    static final List<String> KNOWN = List.of(
            "answer",
            "answer.given",
            "answer.withheld",
            "answer.held",
            "answer.released",
            "case",
            "case.opened",
            "case.claimed",
            "case.escalated",
            "case.decided",
            "deployment",
            "file",
            "fine_tuning",
            "api_key",
            "session.started",
            "audit.exported");

    private ActNames() {}

    /** The name of a type; one that has none stands for itself. */
    static String of(String type) {
        return Translations.pattern("auditlog.type." + type, Languages.current())
                .orElse(type);
    }
}
