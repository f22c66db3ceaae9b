package io.plumbline.platform.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.plumbline.compliance.rule.RuleBundle;
import io.plumbline.compliance.rule.RuleCatalogue;
import io.plumbline.compliance.screen.BundleScreener;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** While a rule needs the whole answer, a deployment buffers, and says so. */
@PlatformTest
class AnswerModeTest {
    private static final RuleBundle DEMANDS_A_SOURCE = RuleCatalogue.compile(Map.of("test.yaml", """
            rules:
              - id: SEC-901
                version: 1
                title: {zh: "缺少来源", en: "No source"}
                packs: [CN]
                stages: O
                severity: 2
                action: H
                message: {zh: "缺少来源。", en: "No source is given."}
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
            """));

    @Inject
    Screener screener;

    private static Response deployment(RuledModel model) {
        return Callers.as("admin@broker.example").get("/api/v1/deployments/" + model.deployment());
    }

    @Test
    void theModeFollowsTheActiveRules() {
        try (RuledModel model = RuledModel.of("broker", "SEC-901")) {
            deployment(model).then().body("answer_mode", equalTo("streamed")).body("buffering_rules", empty());
            BundleScreener rules = (BundleScreener) screener;
            rules.activate(DEMANDS_A_SOURCE);
            try {
                deployment(model)
                        .then()
                        .statusCode(200)
                        .body("answer_mode", equalTo("buffered"))
                        .body("buffering_rules", contains("SEC-901@1"));
                Response stream = model.ask("say:A first sentence. A second one, and no more.", "stream", true);
                // Nothing leaves before the end, so the header can name the case.
                assertThat(stream.header("x-plumbline-case")).startsWith("case-");
                assertThat(stream.asString()).doesNotContain("first sentence").contains("content_filter");
                Response sourced = model.ask("say:A first sentence. See source: page 3.", "stream", true);
                assertThat(sourced.header("x-plumbline-case")).isNull();
                assertThat(sourced.asString()).contains("\"finish_reason\":\"stop\"");
            } finally {
                rules.rollBack();
            }
            deployment(model).then().body("answer_mode", equalTo("streamed"));
        }
    }
}
