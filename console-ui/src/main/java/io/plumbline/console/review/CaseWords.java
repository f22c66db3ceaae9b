package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.choose;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.CaseFinding;
import io.plumbline.compliance.review.CaseState;
import io.plumbline.compliance.review.Lease;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.console.component.RuleCard;
import io.plumbline.console.i18n.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Words and badges that list and case share. */
final class CaseWords {
    private static final Duration URGENT = Duration.ofHours(1);

    private CaseWords() {}

    /** What a case is about: the titles of the rules that hold it. */
    static String subject(List<CaseFinding> findings) {
        return findings.stream()
                .filter(CaseFinding::holds)
                .map(finding -> choose(finding.title()))
                .distinct()
                .collect(Collectors.joining(text("review.and")));
    }

    static Span state(CaseState state) {
        String look =
                switch (state) {
                    case PENDING -> "wait";
                    case CLAIMED -> "busy";
                    case APPROVED, EDITED -> "good";
                    case REJECTED, EXPIRED -> "bad";
                };
        Span badge = new Span(text("review.state." + state.wireName()));
        badge.addClassNames("badge", look);
        return badge;
    }

    static Span level(ReviewLevel level) {
        Span badge = new Span(text("review.level", level.number()));
        badge.addClassNames("badge", level == ReviewLevel.SECOND ? "bad" : "plain");
        return badge;
    }

    /** Time left until a case expires; close to the end it stands out. */
    static Span remaining(Instant deadline, Instant now) {
        Duration left = Duration.between(now, deadline);
        Span span = new Span(left.isPositive() ? text("review.left", Durations.rough(left)) : text("review.over"));
        span.setClassName("urgent", left.compareTo(URGENT) < 0);
        return span;
    }

    static String holder(Optional<Lease> lease, String person) {
        return lease.map(now -> person(now.holder(), person)).orElse("–");
    }

    /** A reviewer's name, "you", or the deadline. */
    static String person(String who, String person) {
        if (who.equals("system")) {
            return text("review.by_deadline");
        }
        return who.equals(person) ? text("review.you") : who;
    }

    /** The card of a finding. */
    static RuleCard.Facts card(CaseFinding finding, String place) {
        return new RuleCard.Facts(
                finding.rule(),
                finding.title(),
                finding.message(),
                finding.severity(),
                finding.action(),
                finding.basis(),
                place);
    }
}
