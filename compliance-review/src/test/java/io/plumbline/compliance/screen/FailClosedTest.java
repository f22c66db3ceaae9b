package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.detect.Condition;
import io.plumbline.compliance.detect.Detector;
import io.plumbline.compliance.detect.Facts;
import io.plumbline.compliance.detect.Match;
import io.plumbline.compliance.detect.Sentence;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.RuleBundle;
import io.plumbline.compliance.rule.RuleCatalogue;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each detector of each rule is made to fail in turn: at severity 1 and 2 nothing may pass. */
class FailClosedTest {
    private record Broken(String id) implements Detector, Condition {
        @Override
        public List<Match> find(Sentence sentence, Facts facts) {
            throw new IllegalStateException("unavailable");
        }

        @Override
        public boolean holds(Facts facts) {
            throw new IllegalStateException("unavailable");
        }

        @Override
        public int reach() {
            return 20;
        }
    }

    static Stream<Arguments> failures() {
        List<Arguments> failures = new ArrayList<>();
        for (CompiledRule rule : RuleCatalogue.shipped().rules()) {
            for (Detector detector : rule.triggers()) {
                List<Detector> triggers = new ArrayList<>(rule.triggers());
                triggers.set(triggers.indexOf(detector), new Broken(detector.id()));
                failures.add(failure(rule, detector.id(), triggers, rule.factTriggers(), rule.conditions()));
            }
            for (Condition condition : rule.factTriggers()) {
                failures.add(failure(
                        rule, condition.id(), rule.triggers(), List.of(new Broken(condition.id())), rule.conditions()));
            }
            for (Condition condition : rule.conditions()) {
                failures.add(failure(
                        rule,
                        condition.id(),
                        rule.triggers(),
                        rule.factTriggers(),
                        List.of(new Broken(condition.id()))));
            }
        }
        return failures.stream();
    }

    private static Arguments failure(
            CompiledRule rule,
            String detector,
            List<Detector> triggers,
            List<Condition> factTriggers,
            List<Condition> conditions) {
        var broken = new CompiledRule(
                rule.rule(), triggers, factTriggers, conditions, rule.exceptions(), rule.requirements(), false);
        return Arguments.of(broken, detector);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("failures")
    void aFailingDetectorWithholds(CompiledRule broken, String detector) {
        var screener = new BundleScreener(
                new RuleBundle("test", List.of(broken)), ExampleBank.CLOCK, SpanDigest.ofThisProcess());
        var context = new ScreenContext(
                TenantId.of("synthetic"), Set.of(broken.rule().id().value()), Audience.PUBLIC, Map.of());
        for (Stage stage : broken.rule().scope().stages()) {
            Screened screened = screener.screen(context, stage, "A harmless sentence.");
            Verdict abstention = screened.verdicts().stream()
                    .filter(verdict -> verdict.abstained().isPresent())
                    .findFirst()
                    .orElseThrow();
            assertThat(abstention.detector()).isEqualTo(detector);
            if (broken.rule().severity() <= 2) {
                assertThat(screened.withheld()).isTrue();
                assertThat(screened.text()).isEmpty();
                assertThat(screened.message()).isPresent();
            } else {
                assertThat(abstention.action()).isEqualTo(Action.FLAG);
            }
        }
    }
}
