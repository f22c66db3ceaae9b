package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Facts;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import java.util.List;

/**
 * What stays the same while one text is screened.
 *
 * @param stage where the text is; {@link Stage#STREAM} for an answer that is still generated
 * @param form of the text
 * @param rules that are active
 * @param facts beside the text
 * @param ruleSet hash of the bundle
 * @param digest of spans
 */
record Pass(Stage stage, TextForm form, List<CompiledRule> rules, Facts facts, String ruleSet, SpanDigest digest) {

    /** Rules of stage S act in the stream; those of stage O alone keep that name there too. */
    Stage stageOf(Rule rule) {
        boolean output = stage == Stage.STREAM && !rule.scope().stages().contains(Stage.STREAM);
        return output ? Stage.OUTPUT : stage;
    }

    /** The same pass without the rules that look into encoded runs. */
    Pass shallow() {
        return new Pass(
                stage, form, rules.stream().filter(rule -> !rule.decodes()).toList(), facts, ruleSet, digest);
    }
}
