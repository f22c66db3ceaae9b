package io.plumbline.platform.moderation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the rules say of one input.
 *
 * @param findings strongest first within a text
 * @param examined the categories that an active rule looks for; of the others nothing is known
 */
public record ModerationResult(List<RuleFinding> findings, Set<Category> examined) {
    /** Severities run from 1 (highest) to 4. */
    private static final int LOWEST_SEVERITY = 4;

    public ModerationResult {
        findings = List.copyOf(findings);
        examined = Set.copyOf(examined);
    }

    public boolean flagged() {
        return findings.stream().anyMatch(RuleFinding::flags);
    }

    /** The categories under which something is flagged. */
    public Set<Category> categories() {
        Set<Category> flagged = EnumSet.noneOf(Category.class);
        findings.stream().filter(RuleFinding::flags).forEach(f -> flagged.addAll(Category.of(f.rule())));
        return flagged;
    }

    /**
     * The weight of the gravest finding that flags, for every category: severity 1 = 1, 2 = 0.75, 3 = 0.5, 4 = 0.25, none =
     * 0. A rule fires or it does not; this is no probability.
     */
    public Map<Category, Double> scores() {
        Map<Category, Double> scores = new EnumMap<>(Category.class);
        for (Category category : Category.values()) {
            scores.put(category, 0.0);
        }
        for (RuleFinding finding : findings) {
            if (finding.flags()) {
                double weight = (LOWEST_SEVERITY + 1.0 - finding.verdict().severity()) / LOWEST_SEVERITY;
                Category.of(finding.rule()).forEach(category -> scores.merge(category, weight, Math::max));
            }
        }
        return scores;
    }
}
