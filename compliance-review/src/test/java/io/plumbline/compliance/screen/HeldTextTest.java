package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.rule.Rewrite.Place;
import io.plumbline.compliance.rule.RuleBundle;
import io.plumbline.compliance.rule.RuleCatalogue;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A held text is judged to its end, and says what a person would release by approving it. */
class HeldTextTest {
    private static final BundleScreener SCREENER = Screeners.standard(ExampleBank.CLOCK, SpanDigest.ofThisProcess());
    private static final String ADVICE = "建议您买入沪深300指数基金。";
    private static final String NUMBER = "11010519491231002X";

    private static ScreenContext context(String... packs) {
        return new ScreenContext(TenantId.of("synthetic"), Set.of(packs), Audience.PUBLIC, Map.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MED | INPUT | 我家宝宝3岁，咳嗽两天，该怎么办？",
                "MED,CN | INPUT | My 4-year-old son has a cough. What can I give him?",
                "FIN | OUTPUT | 建议您买入沪深300指数基金。",
                "FIN,US | OUTPUT | I recommend that you invest in this bond fund."
            })
    void shippedRulesHoldOrdinaryTextInBothLanguages(String packs, Stage stage, String text) {
        Screened screened = SCREENER.screen(context(packs.split(",")), stage, text);
        assertThat(screened.held()).isTrue();
        assertThat(screened.text()).isEmpty();
        assertThat(screened.releasable().orElseThrow()).startsWith(text);
    }

    @Test
    void whatApprovalReleasesIsRedactedAndLabelled() {
        Screened screened = SCREENER.screen(
                context("FIN-008", "PRI-001", "LBL-001"), Stage.OUTPUT, ADVICE + "证件" + NUMBER + "已登记。");
        assertThat(screened.held()).isTrue();
        assertThat(screened.releasable()).contains(ADVICE + "证件[REDACTED:resident-id]已登记。\n\n（本内容由人工智能生成）");
    }

    @Test
    void theNoticesOfTheQuestionComeFirst() {
        Screened screened = SCREENER.screenAnswer(
                context("FIN-008"), List.of(new Notice("FIN-006@1", Place.BEFORE, "请注意风险。")), ADVICE);
        assertThat(screened.text()).isEmpty();
        assertThat(screened.releasable()).contains("请注意风险。\n\n" + ADVICE);
    }

    @Test
    void noPersonReleasesWhatARuleBlocks() {
        for (String text : List.of(ADVICE + "本产品保本保息。", "本产品保本保息。" + ADVICE)) {
            Screened screened = SCREENER.screen(context("FIN-008", "FIN-001"), Stage.OUTPUT, text);
            assertThat(screened.withheld()).isTrue();
            assertThat(screened.held()).isFalse();
            assertThat(screened.releasable()).isEmpty();
        }
    }

    @Test
    void aHeldStreamGoesOnAndABlockedOneNeedNot() {
        StreamScreen stream = SCREENER.open(context("FIN-008", "FIN-001"), List.of());
        assertThat(stream.push("基金有涨有跌，请先了解自己的风险承受能力。下面说说我的看法。" + ADVICE + "这是我的看法，仅供参考。"))
                .isEqualTo("基金有涨有跌，请先了解自己的风险承受能力。下面说说我的看法。");
        assertThat(stream.withheld()).isTrue();
        assertThat(stream.blocked()).isFalse();
        assertThat(stream.push("这一句本身没有问题，但前面的内容正在等待审核，不能放行。")).isEmpty();
        stream.push("另外，本产品保本保息，请放心购买。这里还有一句话，让这一句完整地结束。");
        assertThat(stream.blocked()).isTrue();
        assertThat(stream.finish().held()).isFalse();
    }

    @Test
    void aRuleThatNeedsTheWholeAnswerBuffersIt() {
        for (String action : List.of("B", "H", "R")) {
            BundleScreener screener =
                    new BundleScreener(bundleThatDemandsASource(action), ExampleBank.CLOCK, SpanDigest.ofThisProcess());
            assertThat(screener.buffers(context())).as(action).isTrue();
            assertThat(screener.bufferingRules(context()))
                    .extracting(rule -> rule.reference())
                    .containsExactly("SEC-901@1");
            StreamScreen stream = screener.open(context(), List.of());
            assertThat(stream.push("A first sentence. A second one. ".repeat(20)))
                    .isEmpty();
        }
        BundleScreener flagging =
                new BundleScreener(bundleThatDemandsASource("F"), ExampleBank.CLOCK, SpanDigest.ofThisProcess());
        assertThat(flagging.buffers(context())).isFalse();
    }

    private static RuleBundle bundleThatDemandsASource(String action) {
        return RuleCatalogue.compile(
                Map.of("test.yaml", """
                rules:
                  - id: SEC-901
                    version: 1
                    title: {zh: "缺少来源", en: "No source"}
                    packs: [GLOBAL]
                    stages: O
                    severity: 2
                    action: %s
                    %s
                    message: {zh: "缺少来源", en: "No source"}
                    detectors:
                      - kind: st
                        ref: source
                        requires:
                          - {name: source, patterns: ["source: "]}
                    combine: all
                    basis: [{instrument: "Test", status: not-law}]
                    owner: security
                    reviewer: security:1
                    examples: SEC-901.yaml
                    effective_from: 2026-01-01
                """.formatted(action, action.equals("R") ? "mask: source" : "")));
    }
}
