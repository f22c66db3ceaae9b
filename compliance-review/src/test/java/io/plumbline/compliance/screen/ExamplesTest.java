package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.RuleCatalogue;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule does with every one of its examples what the catalogue says. */
class ExamplesTest {
    private static final Screener SCREENER = Screeners.standard(ExampleBank.CLOCK, SpanDigest.ofThisProcess());

    static Stream<Rule> rules() {
        return RuleCatalogue.shipped().rules().stream().map(CompiledRule::rule);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void everyRuleHasEnoughExamples(Rule rule) {
        ExampleBank bank = ExampleBank.of(rule.id().value());
        assertThat(rule.governance().examples()).isEqualTo(rule.id() + ".yaml");
        for (String language : List.of("zh", "en")) {
            long hard = bank.count(language, ExampleBank.Kind.HARD_NEGATIVE);
            assertThat(bank.count(language, ExampleBank.Kind.POSITIVE))
                    .as("%s positive", language)
                    .isGreaterThanOrEqualTo(10);
            assertThat(hard).as("%s hard negatives", language).isGreaterThanOrEqualTo(3);
            assertThat(bank.count(language, ExampleBank.Kind.NEGATIVE) + hard)
                    .as("%s negatives", language)
                    .isGreaterThanOrEqualTo(10);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void everyExampleIsJudgedAsItSays(Rule rule) {
        List<String> wrong = new ArrayList<>();
        for (ExampleBank.Example example : ExampleBank.of(rule.id().value()).examples()) {
            Screened screened = SCREENER.screen(example.context(), example.stage(), example.text());
            boolean fired = screened.verdicts().stream()
                    .anyMatch(verdict -> verdict.rule().equals(rule.reference()));
            boolean abstained = screened.verdicts().stream()
                    .anyMatch(verdict -> verdict.abstained().isPresent());
            boolean expected = example.kind() == ExampleBank.Kind.POSITIVE;
            if (fired != expected || abstained) {
                wrong.add(example + " -> " + screened.verdicts());
            } else if (fired && !acted(rule, example, screened)) {
                wrong.add(example + " fired without effect: " + screened.text());
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Whether the outcome shows the rule's action. */
    private static boolean acted(Rule rule, ExampleBank.Example example, Screened screened) {
        return switch (rule.action()) {
            case ESCALATE, BLOCK, HOLD ->
                screened.withheld()
                        && screened.text().isEmpty()
                        && screened.message().isPresent();
            case REDACT -> !screened.withheld() && masked(screened, example.text());
            case REWRITE ->
                example.stage() == Stage.INPUT
                        ? !screened.notices().isEmpty()
                        : screened.text().length() > example.text().length();
            case FLAG, SAMPLE, LOG -> screened.text().equals(example.text());
        };
    }

    /** No masked span stands in the released text any more. */
    private static boolean masked(Screened screened, String text) {
        return screened.verdicts().stream()
                .filter(verdict -> verdict.start() >= 0)
                .map(verdict -> text.substring(verdict.start(), verdict.end()))
                .noneMatch(screened.text()::contains);
    }

    @Test
    void verdictsHoldNoMatchedText() {
        for (ExampleBank.Example example : ExampleBank.of("PRI-001").examples()) {
            Screened screened = SCREENER.screen(example.context(), example.stage(), example.text());
            for (Verdict verdict : screened.verdicts()) {
                assertThat(verdict.toString())
                        .doesNotContain(
                                example.text().substring(Math.max(0, verdict.start()), Math.max(1, verdict.end())));
            }
        }
    }

    /** Hints only say which sentences need not be searched; leaving them out must change no verdict. */
    @Test
    void hintsSaveTimeAndNothingElse() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String name : RuleCatalogue.SHIPPED) {
            try (InputStream in = RuleCatalogue.class.getResourceAsStream("/compliance/rules/" + name + ".yaml")) {
                String content = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
                files.put(name, content.replaceAll("(?m)^ *hints: .*$", ""));
            }
        }
        var unhinted = new BundleScreener(RuleCatalogue.compile(files), ExampleBank.CLOCK, SpanDigest.ofThisProcess());
        var all = Set.of("MED", "FIN", "IND", "CN", "US", "EU", "INTL");
        rules().flatMap(rule -> ExampleBank.of(rule.id().value()).examples().stream())
                .forEach(example -> {
                    var context = new ScreenContext(
                            TenantId.of("synthetic"),
                            all,
                            Audience.PUBLIC,
                            example.context().metadata());
                    assertThat(findings(SCREENER.screen(context, example.stage(), example.text())))
                            .as(example.text())
                            .isEqualTo(findings(unhinted.screen(context, example.stage(), example.text())));
                });
    }

    private static List<String> findings(Screened screened) {
        return screened.verdicts().stream()
                .map(verdict ->
                        "%s %s %d-%d".formatted(verdict.rule(), verdict.detector(), verdict.start(), verdict.end()))
                .toList();
    }
}
