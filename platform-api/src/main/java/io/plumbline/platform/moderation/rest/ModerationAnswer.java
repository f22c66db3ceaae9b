package io.plumbline.platform.moderation.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.compliance.rule.Basis;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.platform.moderation.Category;
import io.plumbline.platform.moderation.Moderation;
import io.plumbline.platform.moderation.ModerationResult;
import io.plumbline.platform.moderation.RuleFinding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * OpenAI's answer to a moderation, with our findings beside it.
 *
 * @param model the rule set that judged
 */
@Schema(name = "Moderation")
public record ModerationAnswer(String id, String model, List<Result> results) {
    static ModerationAnswer of(Moderation moderation) {
        String ruleSet = moderation.ruleSet().hash();
        return new ModerationAnswer(
                moderation.id(),
                moderation.ruleSet().value(),
                moderation.results().stream()
                        .map(result -> Result.of(result, ruleSet))
                        .toList());
    }

    /**
     * What the rules say of one input.
     *
     * @param flagged whether a rule withholds, masks or puts the text before a reviewer
     * @param categories OpenAI's and ours, which begin with {@code plumbline/}
     * @param categoryScores from the severity of the gravest finding: 1, 0.75, 0.5 or 0.25; 0 = none. No probability.
     * @param categoryAppliedInputTypes {@code ["text"]} where an active rule looks for the category, else empty
     */
    @Schema(name = "ModerationResult")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Result(
            boolean flagged,
            Map<String, Boolean> categories,
            Map<String, Double> categoryScores,
            Map<String, List<String>> categoryAppliedInputTypes,
            Detail plumbline) {
        static Result of(ModerationResult result, String ruleSet) {
            Set<Category> flagged = result.categories();
            Map<Category, Double> scores = result.scores();
            return new Result(
                    result.flagged(),
                    byName(flagged::contains),
                    byName(category -> scores.getOrDefault(category, 0.0)),
                    byName(category -> result.examined().contains(category) ? List.of("text") : List.of()),
                    new Detail(
                            ruleSet, result.findings().stream().map(Finding::of).toList()));
        }

        private static <T> Map<String, T> byName(Function<Category, T> value) {
            Map<String, T> named = new LinkedHashMap<>();
            Arrays.stream(Category.values()).forEach(c -> named.put(c.wireName(), value.apply(c)));
            return named;
        }
    }

    /** @param ruleSet SHA-256 of the rule files */
    @Schema(name = "ModerationDetail")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Detail(String ruleSet, List<Finding> verdicts) {}

    /**
     * One rule's finding.
     *
     * @param rule id and version
     * @param action what the rule asks for
     * @param flags whether that makes the input flagged
     * @param severity 1 (highest) to 4
     * @param item where the text stood in the request
     * @param start first UTF-16 index of the span; -1 = the whole text
     * @param end index behind it
     * @param stages whether it was found as input, as output or as both
     */
    @Schema(name = "ModerationFinding")
    public record Finding(
            String rule,
            Text title,
            String action,
            boolean flags,
            int severity,
            String item,
            int start,
            int end,
            List<String> stages,
            String detector,
            List<Ground> basis) {
        static Finding of(RuleFinding finding) {
            return new Finding(
                    finding.rule().reference(),
                    Text.of(finding.rule().title()),
                    lower(finding.verdict().action()),
                    finding.flags(),
                    finding.verdict().severity(),
                    finding.path(),
                    finding.verdict().start(),
                    finding.verdict().end(),
                    finding.stages().stream()
                            .sorted()
                            .map(ModerationAnswer::lower)
                            .toList(),
                    finding.verdict().detector(),
                    finding.rule().governance().basis().stream().map(Ground::of).toList());
        }
    }

    /** The same words in both languages of the product. */
    @Schema(name = "ModerationText")
    public record Text(String zh, String en) {
        static Text of(Bilingual text) {
            return new Text(text.zh(), text.en());
        }
    }

    /**
     * What a rule rests on.
     *
     * @param status checked, to-check (to be compared with the official text first) or not-law
     */
    @Schema(name = "ModerationBasis")
    public record Ground(String instrument, String clause, String status) {
        static Ground of(Basis basis) {
            return new Ground(
                    basis.instrument(), basis.clause(), lower(basis.status()).replace('_', '-'));
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
