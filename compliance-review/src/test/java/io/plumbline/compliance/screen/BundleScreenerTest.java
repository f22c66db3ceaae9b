package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.RuleBundle;
import io.plumbline.compliance.rule.RuleCatalogue;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BundleScreenerTest {
    private static final BundleScreener SCREENER = Screeners.standard(ExampleBank.CLOCK, SpanDigest.ofThisProcess());

    private static ScreenContext context(String... packs) {
        return new ScreenContext(TenantId.of("synthetic"), Set.of(packs), Audience.PUBLIC, Map.of());
    }

    private static RuleBundle bundle(String action, String extra, String terms) {
        return RuleCatalogue.compile(Map.of("test.yaml", """
                rules:
                  - id: SEC-900
                    version: 1
                    title: {zh: "甲", en: "A"}
                    packs: [GLOBAL]
                    stages: O
                    severity: 2
                    action: %s
                    %s
                    message: {zh: "拦截", en: "Blocked"}
                    detectors:
                      - {kind: kw, ref: word, terms: [%s]}
                    combine: any
                    basis: [{instrument: "Test", status: not-law}]
                    owner: security
                    reviewer: security:1
                    examples: SEC-900.yaml
                    effective_from: 2026-01-01
                """.formatted(action, extra, terms)));
    }

    @Test
    void aStreamInFlightKeepsTheBundleItBeganWith() {
        RuleBundle first = bundle("B", "", "foo");
        var screener = new BundleScreener(first, ExampleBank.CLOCK, SpanDigest.ofThisProcess());
        StreamScreen before = screener.open(context(), List.of());
        screener.activate(bundle("B", "", "bar"));
        StreamScreen after = screener.open(context(), List.of());
        before.push("This is foo indeed. ");
        after.push("This is foo indeed. ");
        Screened old = before.finish();
        assertThat(old.action()).contains(Action.BLOCK);
        assertThat(old.verdicts()).allMatch(verdict -> verdict.ruleSet().equals(first.hash()));
        assertThat(after.finish().action()).isEmpty();
        screener.rollBack();
        assertThat(screener.ruleSet()).isEqualTo(first.hash());
    }

    @Test
    void theStrongestActionWinsAndAllHitsAreRecorded() {
        Screened screened = SCREENER.screen(context("FIN", "CN"), Stage.OUTPUT, "身份证11010519491231002X，建议您买入该基金，保本保息。");
        assertThat(screened.action()).contains(Action.BLOCK);
        assertThat(screened.text()).isEmpty();
        assertThat(screened.verdicts()).extracting(Verdict::action).isSorted();
        assertThat(screened.verdicts())
                .extracting(Verdict::rule)
                .contains("FIN-001@1", "FIN-008@1", "PRI-001@1", "FIN-006@1", "LBL-001@1");
        assertThat(screened.message().orElseThrow().en()).contains("principal or return");
    }

    @Test
    void redactionComesBeforeRewriting() {
        Screened screened = SCREENER.screen(context("CN"), Stage.OUTPUT, "证件11010519491231002X已登记。");
        assertThat(screened.action()).contains(Action.REDACT);
        assertThat(screened.text()).isEqualTo("证件[REDACTED:resident-id]已登记。\n\n（本内容由人工智能生成）");
    }

    @Test
    void aHitThatOnlyMaskingBringsAboutIsHeld() {
        // Masking the first word leaves two halves of a second one side by side.
        var screener = new BundleScreener(
                bundle("R", "mask: \"\"", "secretword, x"), ExampleBank.CLOCK, SpanDigest.ofThisProcess());
        Screened screened = screener.screen(context(), Stage.OUTPUT, "a secretw x ord stays");
        assertThat(screened.action()).contains(Action.REDACT);
        Screened again = new BundleScreener(
                        bundle("R", "mask: \"\"", "保本息, 中间"), ExampleBank.CLOCK, SpanDigest.ofThisProcess())
                .screen(context(), Stage.OUTPUT, "这里保本中间息没有");
        assertThat(again.action()).contains(Action.HOLD);
        assertThat(again.withheld()).isTrue();
        assertThat(again.message().orElseThrow().en()).contains("A person must decide");
    }

    @Test
    void heldTextSaysThatAPersonMustDecide() {
        Screened screened = SCREENER.screen(context("MED", "CN"), Stage.INPUT, "我家宝宝3岁，咳嗽。");
        assertThat(screened.action()).contains(Action.HOLD);
        assertThat(screened.message().orElseThrow().zh()).contains("人工审核");
    }

    @Test
    void wordsAreAddedInTheLanguageOfTheAnswer() {
        String english = SCREENER.screen(context("FIN-006"), Stage.OUTPUT, "Index funds are cheap.")
                .text();
        String chinese =
                SCREENER.screen(context("FIN-006"), Stage.OUTPUT, "指数基金费用低。").text();
        assertThat(english).endsWith("This is not advice tailored to you.");
        assertThat(chinese).endsWith("不构成针对您个人的投资建议。");
    }

    @Test
    void theDisclaimerSpeaksToThePublicOnly() {
        var professional =
                new ScreenContext(TenantId.of("synthetic"), Set.of("MED", "INTL"), Audience.PROFESSIONAL, Map.of());
        assertThat(SCREENER.screen(professional, Stage.OUTPUT, "感冒时建议多喝水。").action())
                .isEmpty();
        assertThat(SCREENER.screen(context("MED", "INTL"), Stage.OUTPUT, "感冒时建议多喝水。")
                        .action())
                .contains(Action.REWRITE);
    }

    @Test
    void tenantsOwnNumbersAndMailboxesPass() {
        var own = new ScreenContext(
                TenantId.of("synthetic"),
                Set.of("PRI-005", "PRI-006"),
                Audience.PUBLIC,
                Map.of("own_numbers", "010-62345678", "own_domains", "hospital.example"));
        String text = "Call 010-62345678 or write to info@hospital.example.";
        assertThat(SCREENER.screen(own, Stage.OUTPUT, text).text()).isEqualTo(text);
        String personal = "Write to jane.doe@hospital.example.";
        assertThat(SCREENER.screen(own, Stage.OUTPUT, personal).text()).isEqualTo("Write to [REDACTED:email].");
    }

    @Test
    void aToolCallMayReachOverSentences() {
        String text =
                "I will call it. <tool_call>{\"arguments\": {\"note\": \"First. Second! Third\",\n\"url\": \"http://10.0.0.1/\"}}</tool_call>";
        assertThat(SCREENER.screen(context("SEC-023"), Stage.OUTPUT, text).withheld())
                .isTrue();
        assertThat(SCREENER.screen(context("SEC-023"), Stage.OUTPUT, "<tool_call>{}</tool_call> http://10.0.0.1/")
                        .withheld())
                .isFalse();
    }

    @Test
    void noRuleOfAnotherPackRuns() {
        assertThat(SCREENER.rules(context()))
                .extracting(rule -> rule.id().value())
                .containsExactly("SEC-006", "SEC-007", "SEC-012");
        assertThat(SCREENER.buffers(context("MED", "FIN", "IND", "CN", "US", "EU", "INTL")))
                .isFalse();
    }

    @Test
    void trainingRowsAreScreenedOneByOne() throws IOException {
        var json = new ObjectMapper();
        var rows = new TrainingRows(SCREENER, context("CN").with(Map.of("licence", "own work")));
        String masked =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"身份证11010519491231002X\"},{\"role\":\"assistant\",\"content\":\"好\"}],\"metadata\":{\"consent_id\":\"C-1\"}}";
        TrainingRows.RowVerdict consented = rows.screen(1, json.readTree(masked));
        assertThat(consented.blocked()).isFalse();
        assertThat(consented.outcomes()).extracting(Screened::text).containsExactly("身份证[REDACTED:resident-id]", "好");
        assertThat(rows.screen(2, json.readTree(masked.replace("consent_id", "other")))
                        .blocked())
                .isTrue();
        assertThat(rows.screen(
                                3,
                                json.readTree(
                                        "{\"prompt\":\"a\",\"completion\":\"b\",\"annotator\":\"u\",\"reviewer\":\"u\"}"))
                        .verdicts())
                .extracting(Verdict::rule)
                .contains("TRN-008@1");
        // A row cannot vouch for the licence of its source.
        var unlicensed = new TrainingRows(SCREENER, context("CN"));
        assertThat(unlicensed
                        .screen(4, json.readTree("{\"text\":\"a\",\"metadata\":{\"licence\":\"MIT\"}}"))
                        .blocked())
                .isTrue();
    }
}
