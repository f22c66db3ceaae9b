package io.plumbline.compliance.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RuleCatalogueTest {
    private static final RuleBundle SHIPPED = RuleCatalogue.shipped();

    /** Id, packs, stages, severity, action, detectors: the columns of the catalogue that fix a rule's behaviour. */
    private static final List<String> CATALOGUE = List.of(
            "FIN-001 CN;US OS 1 B kw;rx",
            "FIN-006 CN;US O 2 W st",
            "FIN-008 CN;US O 1 H st;md",
            "FIN-014 CN O 1 B kw",
            "GEN-021 CN IO 1 B kw;md",
            "IND-005 CN;US O 1 W st",
            "IND-007 CN O 2 W st",
            "IND-026 CN IO 1 W kw;st",
            "LBL-001 CN OM 2 W st",
            "LBL-007 CN M 3 B rc",
            "MED-002 CN OS 1 B rx;st",
            "MED-004 CN;INTL O 3 W st",
            "MED-005 CN;INTL IO 1 W kw;st",
            "MED-007 CN O 1 B rx;st",
            "MED-017 CN O 2 B kw;rx",
            "MED-020 CN IO 2 H cx;st",
            "PRI-001 CN IOSD 2 R rc",
            "PRI-005 US IOD 3 R rc",
            "PRI-006 US;EU IOD 3 R rx",
            "PRI-007 CN;INTL IOSD 1 R rc",
            "PRI-011 CN IOD 2 R rc",
            "SEC-006 GLOBAL;INTL IR 2 B rx",
            "SEC-007 GLOBAL;INTL IR 2 R rx",
            "SEC-011 INTL OS 1 B rx",
            "SEC-012 GLOBAL;INTL IOSD 1 R rx",
            "SEC-021 INTL OS 1 R rx",
            "SEC-023 INTL O 1 B rx",
            "TRN-002 CN D 1 B md",
            "TRN-004 CN D 1 B rc;md",
            "TRN-008 CN D 1 B md");

    private static String row(Rule rule) {
        var stages = new StringBuilder();
        "IOSRMDB".chars().forEach(letter -> rule.scope().stages().stream()
                .filter(stage -> stage.letter() == letter)
                .forEach(stage -> stages.append(stage.letter())));
        List<String> packs = List.of("GLOBAL", "CN", "US", "EU", "INTL").stream()
                .filter(rule.scope().packs()::contains)
                .toList();
        List<String> kinds = List.of("kw", "rx", "rc", "cx", "st", "md").stream()
                .filter(kind ->
                        rule.governance().kinds().contains(DetectorKind.of(kind).orElseThrow()))
                .toList();
        return "%s %s %s %d %s %s"
                .formatted(
                        rule.id(),
                        String.join(";", packs),
                        stages,
                        rule.severity(),
                        rule.action().letter(),
                        String.join(";", kinds));
    }

    @Test
    void theShippedRulesAreThoseOfTheCatalogue() {
        assertThat(SHIPPED.rules().stream().map(rule -> row(rule.rule()))).containsExactlyElementsOf(CATALOGUE);
    }

    @Test
    void everyRuleHasBasisAndOwner() {
        for (CompiledRule rule : SHIPPED.rules()) {
            assertThat(rule.rule().governance().basis()).isNotEmpty();
            assertThat(rule.rule().governance().owner()).isNotBlank();
        }
    }

    @Test
    void theHashNamesTheContent() {
        assertThat(SHIPPED.hash())
                .matches("[0-9a-f]{64}")
                .isEqualTo(RuleCatalogue.shipped().hash());
        String changed = GOOD.replace("version: 1", "version: 2");
        assertThat(RuleCatalogue.compile(Map.of("a.yaml", GOOD)).hash())
                .isNotEqualTo(RuleCatalogue.compile(Map.of("a.yaml", changed)).hash());
    }

    private static final String GOOD = """
            rules:
              - id: SEC-900
                version: 1
                title: {zh: "甲", en: "A"}
                packs: [GLOBAL]
                stages: O
                severity: 2
                action: B
                message: {zh: "拦截", en: "Blocked"}
                detectors:
                  - {kind: kw, ref: word, terms: [foo]}
                combine: any
                basis:
                  - {instrument: "Test", status: not-law}
                owner: security
                reviewer: security:1
                examples: SEC-900.yaml
                effective_from: 2026-01-01
            """;

    @Test
    void aBadFileIsRefusedWithEveryProblem() {
        String bad = GOOD.replace("severity: 2", "severity: 9")
                .replace("action: B", "action: X")
                .replace("stages: O", "stages: OZ")
                .replace("terms: [foo]", "patterns: ['(a']")
                .replace("    owner: security\n", "")
                .replace("effective_from: 2026-01-01", "effective_form: 2026-01-01")
                .replace("      - {instrument: \"Test\", status: not-law}\n", "");
        assertThatThrownBy(
                        () -> RuleCatalogue.compile(new TreeMap<>(Map.of("bad.yaml", bad, "broken.yaml", "rules: ["))))
                .isInstanceOfSatisfying(InvalidRulesException.class, e -> assertThat(e.problems())
                        .anyMatch(problem -> problem.startsWith("bad.yaml: rules[0] SEC-900.severity:"))
                        .anyMatch(problem -> problem.startsWith("bad.yaml: rules[0] SEC-900.action:"))
                        .anyMatch(problem -> problem.startsWith("bad.yaml: rules[0] SEC-900.stages:"))
                        .anyMatch(problem -> problem.contains("detectors[0].patterns:"))
                        .anyMatch(problem -> problem.contains("SEC-900.owner:"))
                        .anyMatch(problem -> problem.contains("SEC-900.basis:"))
                        .anyMatch(problem -> problem.contains("effective_form: unknown field"))
                        .anyMatch(problem -> problem.contains("SEC-900.effective_from:"))
                        .anyMatch(problem -> problem.startsWith("broken.yaml: line")));
    }

    @Test
    void aRuleIdStandsOnce() {
        assertThatThrownBy(() -> RuleCatalogue.compile(Map.of("a.yaml", GOOD, "b.yaml", GOOD)))
                .isInstanceOf(InvalidRulesException.class)
                .hasMessageContaining("SEC-900: id: stands twice");
    }

    @Test
    void packsDecideWhoRunsARule() {
        Scope medical = scope("MED-002");
        RuleId id = new RuleId("MED-002");
        assertThat(medical.turnedOn(id, Set.of("MED", "CN"))).isTrue();
        assertThat(medical.turnedOn(id, Set.of("MED"))).isTrue();
        assertThat(medical.turnedOn(id, Set.of("MED", "US"))).isFalse();
        assertThat(medical.turnedOn(id, Set.of("CN"))).isFalse();
        assertThat(medical.turnedOn(id, Set.of("MED-002"))).isTrue();
        assertThat(scope("PRI-001").turnedOn(new RuleId("PRI-001"), Set.of("CN")))
                .isTrue();
        assertThat(scope("PRI-001").turnedOn(new RuleId("PRI-001"), Set.of("US")))
                .isFalse();
        assertThat(scope("PRI-005").turnedOn(new RuleId("PRI-005"), Set.of("CN", "PRI-005")))
                .isTrue();
        assertThat(scope("SEC-012").turnedOn(new RuleId("SEC-012"), Set.of())).isTrue();
    }

    private static Scope scope(String id) {
        return SHIPPED.rules().stream()
                .map(CompiledRule::rule)
                .filter(rule -> rule.id().value().equals(id))
                .findFirst()
                .orElseThrow()
                .scope();
    }

    @Test
    void aRuleAppliesFromItsFirstToItsLastDay() {
        var scope = new Scope(
                Set.of(), Set.of(Stage.INPUT), false, LocalDate.of(2026, 1, 1), Optional.of(LocalDate.of(2026, 1, 31)));
        assertThat(scope.inForce(LocalDate.of(2025, 12, 31))).isFalse();
        assertThat(scope.inForce(LocalDate.of(2026, 1, 1))).isTrue();
        assertThat(scope.inForce(LocalDate.of(2026, 1, 31))).isTrue();
        assertThat(scope.inForce(LocalDate.of(2026, 2, 1))).isFalse();
    }
}
