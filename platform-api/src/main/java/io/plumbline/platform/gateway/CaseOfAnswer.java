package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.CaseFinding;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CaseMessage;
import io.plumbline.compliance.review.CaseOrigin;
import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.NewCase;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.toolcall.ToolCallFormat;
import io.plumbline.platform.screening.ScreenedItem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts together what a person needs to decide on an answer. */
final class CaseOfAnswer {
    private final AnswerContext context;
    private final OutputConstraint form;
    private final Map<String, Rule> rules = new HashMap<>();

    /**
     * @param form what the model was held to
     * @param rules that were active when the answer began
     */
    CaseOfAnswer(AnswerContext context, OutputConstraint form, List<Rule> rules) {
        this.context = context;
        this.form = form;
        rules.forEach(rule -> this.rules.put(rule.reference(), rule));
    }

    /**
     * The case to be opened.
     *
     * @param choices the held ones
     * @param findings of question and answer
     */
    NewCase of(List<HeldChoice> choices, List<ScreenedItem> findings) {
        List<CaseFinding> found = findings.stream().map(this::finding).toList();
        String ruleSet = findings.stream()
                .filter(finding -> finding.verdict().action().withholds())
                .map(finding -> finding.verdict().ruleSet())
                .findFirst()
                .orElseThrow();
        CaseOrigin origin = new CaseOrigin(
                context.reservation().requestId(),
                context.route().id(),
                context.route().deployment(),
                context.reservation().subject(),
                context.language(),
                ruleSet);
        List<CaseMessage> conversation = context.question().messages().stream()
                .map(message -> new CaseMessage(message.role(), withCalls(message)))
                .toList();
        return new NewCase(CaseId.create(), origin, conversation, choices, found, form);
    }

    /** The text of a message, and its calls as a model writes them. */
    private static String withCalls(ChatMessage message) {
        StringBuilder text = new StringBuilder(message.content());
        message.toolCalls()
                .forEach(call -> text.append('\n').append(ToolCallFormat.written(call.name(), call.arguments())));
        return message.toolCalls().isEmpty()
                ? message.content()
                : text.toString().strip();
    }

    private CaseFinding finding(ScreenedItem item) {
        Verdict verdict = item.verdict();
        Rule rule = rules.get(verdict.rule());
        if (rule != null) {
            return CaseFinding.of(item.item(), verdict, rule);
        }
        // The bundle was exchanged between the listing of its rules and the screening; the verdict names its bundle.
        Bilingual name = new Bilingual(verdict.rule(), verdict.rule());
        return new CaseFinding(
                item.item(),
                verdict.rule(),
                verdict.stage(),
                verdict.severity(),
                verdict.action(),
                verdict.detector(),
                verdict.start(),
                verdict.end(),
                name,
                name,
                List.of(),
                verdict.abstained());
    }
}
