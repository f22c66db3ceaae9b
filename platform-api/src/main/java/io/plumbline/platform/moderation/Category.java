package io.plumbline.platform.moderation;

import io.plumbline.compliance.rule.Domain;
import io.plumbline.compliance.rule.Rule;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a rule's finding is counted under: OpenAI's categories where a rule's risk (GB/T 45654-2025 Annex A) means the same,
 * and always one of ours, after the rule's domain. No finding is pressed into a category that means something else, so a
 * leaked card number is {@code plumbline/privacy} alone.
 */
public enum Category {
    HARASSMENT("harassment"),
    HARASSMENT_THREATENING("harassment/threatening"),
    HATE("hate"),
    HATE_THREATENING("hate/threatening"),
    ILLICIT("illicit"),
    ILLICIT_VIOLENT("illicit/violent"),
    SELF_HARM("self-harm"),
    SELF_HARM_INTENT("self-harm/intent"),
    SELF_HARM_INSTRUCTIONS("self-harm/instructions"),
    SEXUAL("sexual"),
    SEXUAL_MINORS("sexual/minors"),
    VIOLENCE("violence"),
    VIOLENCE_GRAPHIC("violence/graphic"),
    GENERAL("plumbline/general"),
    PRIVACY("plumbline/privacy"),
    SECURITY("plumbline/security"),
    MEDICAL("plumbline/medical"),
    FINANCE("plumbline/finance"),
    INDUSTRIAL("plumbline/industrial"),
    LABELLING("plumbline/labelling"),
    TRAINING_DATA("plumbline/training-data");

    private final String wireName;

    Category(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** The categories of a rule; at least that of its domain. */
    static Set<Category> of(Rule rule) {
        Set<Category> categories = EnumSet.of(of(rule.id().domain()));
        for (String risk : rule.governance().risks()) {
            categories.addAll(ofRisk(risk));
        }
        return categories;
    }

    private static Category of(Domain domain) {
        return switch (domain) {
            case GEN -> GENERAL;
            case PRI -> PRIVACY;
            case SEC -> SECURITY;
            case MED -> MEDICAL;
            case FIN -> FINANCE;
            case IND -> INDUSTRIAL;
            case LBL -> LABELLING;
            case TRN -> TRAINING_DATA;
        };
    }

    private static Set<Category> ofRisk(String risk) {
        return switch (risk) {
            // terrorism and extremism
            case "A.1.d" -> EnumSet.of(ILLICIT_VIOLENT, VIOLENCE);
            // hatred between ethnic groups; discrimination by ethnicity, belief, nationality, gender, health
            case "A.1.e", "A.2.a", "A.2.b", "A.2.c", "A.2.e", "A.2.h" -> EnumSet.of(HATE);
            // discrimination by region, age, occupation, other; reputation and honour
            case "A.2.d", "A.2.f", "A.2.g", "A.2.i", "A.4.c", "A.4.d" -> EnumSet.of(HARASSMENT);
            // business ethics, unfair competition, other commercial violations: wrongdoing without violence
            case "A.3.b", "A.3.d", "A.3.e" -> EnumSet.of(ILLICIT);
            // the others have no category of the same meaning, or like A.1.f (violence, obscenity) more than one
            default -> EnumSet.noneOf(Category.class);
        };
    }
}
