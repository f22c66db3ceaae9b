package io.plumbline.console.review;

import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CaseSelection;
import io.plumbline.compliance.review.ReviewLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the list shows. */
enum QueueFilter {
    /** Everything that waits for a decision. */
    OPEN,
    /** What the person works on. */
    MINE,
    /** What waits at the second level. */
    ESCALATED,
    /** What has ended. */
    DECIDED;

    static QueueFilter of(List<String> parameter) {
        return parameter.stream()
                .findFirst()
                .flatMap(name -> Arrays.stream(values())
                        .filter(filter -> filter.wireName().equals(name))
                        .findFirst())
                .orElse(OPEN);
    }

    /** As in the address of the page. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Key of its name. */
    String key() {
        return "review.filter." + wireName();
    }

    CaseFilter cases(String person) {
        return switch (this) {
            case OPEN -> CaseFilter.OPEN;
            case MINE -> new CaseFilter(CaseSelection.CLAIMED, Optional.empty(), Optional.of(person));
            case ESCALATED -> new CaseFilter(CaseSelection.OPEN, Optional.of(ReviewLevel.SECOND), Optional.empty());
            case DECIDED -> new CaseFilter(CaseSelection.DECIDED, Optional.empty(), Optional.empty());
        };
    }
}
