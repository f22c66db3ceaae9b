package io.plumbline.platform.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.screen.Notice;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.platform.blob.Sha256;
import io.plumbline.platform.screening.ScreenedItem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Answers as acts of the audit log: names and digests, never a word of question or answer. */
@ApplicationScoped
class AnswerActs {
    private static final String PARAGRAPH = "\n\n";

    private final Event<AuditableAct> acts;
    private final Screener screener;
    private final ObjectMapper json;

    @Inject
    AnswerActs(Event<AuditableAct> acts, Screener screener, ObjectMapper json) {
        this.acts = acts;
        this.screener = screener;
        this.json = json;
    }

    /** Puts an answer that has ended into a form that can be logged at any time after. */
    AuditableAct of(AnswerContext context, AnswerTranscript transcript, List<ScreenedItem> findings) {
        return of("answer." + transcript.fate(), context, transcript, findings);
    }

    /** As {@link #of}, for one that the engine did not finish. */
    AuditableAct failed(AnswerContext context, AnswerTranscript transcript, List<ScreenedItem> findings) {
        return of("answer.failed", context, transcript, findings);
    }

    /** Logs it, in the transaction of the caller. */
    void log(AuditableAct act) {
        acts.fire(act);
    }

    private AuditableAct of(
            String type, AnswerContext context, AnswerTranscript transcript, List<ScreenedItem> findings) {
        return new AuditableAct(
                type,
                context.reservation().subject(),
                context.reservation().requestId(),
                facts(context, transcript, findings),
                digests(context, transcript));
    }

    private Map<String, String> facts(AnswerContext context, AnswerTranscript transcript, List<ScreenedItem> findings) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", AuditableAct.shortened(context.route().id()));
        context.route().deployment().ifPresent(deployment -> facts.put("deployment", deployment));
        facts.put("finish_reason", AuditableAct.shortened(String.join(",", transcript.finishReasons())));
        facts.put(
                "rule_set",
                findings.stream()
                        .map(finding -> finding.verdict().ruleSet())
                        .findFirst()
                        .orElseGet(screener::ruleSet));
        facts.put(
                "rules",
                AuditableAct.shortened(findings.stream()
                        .map(finding -> finding.verdict().rule())
                        .distinct()
                        .collect(Collectors.joining(","))));
        String beside = transcript.notices().stream()
                .flatMap(List::stream)
                .map(Notice::rule)
                .distinct()
                .collect(Collectors.joining(","));
        if (!beside.isEmpty()) {
            facts.put("notices", AuditableAct.shortened(beside));
        }
        return facts;
    }

    private Map<String, String> digests(AnswerContext context, AnswerTranscript transcript) {
        Map<String, String> digests = new LinkedHashMap<>();
        digests.put("request", digest(messages(context.question().messages())));
        List<String> contents = transcript.contents();
        for (int i = 0; i < contents.size(); i++) {
            String choice = contents.size() == 1 ? "" : "choices[%d].".formatted(i);
            digests.put(choice + "answer", digest(contents.get(i)));
            List<Notice> beside = transcript.notices().get(i);
            if (!beside.isEmpty()) {
                digests.put(
                        choice + "notices",
                        digest(beside.stream().map(Notice::text).collect(Collectors.joining(PARAGRAPH))));
            }
        }
        return digests;
    }

    /**
     * Compact JSON of the messages as they were asked: {@code [{"role":"user","content":"…"}]}, with {@code tool_calls} (id,
     * name, arguments) where a message has any.
     */
    private String messages(List<ChatMessage> messages) {
        List<Map<String, Object>> turns = messages.stream()
                .map(message -> {
                    Map<String, Object> turn = new LinkedHashMap<>();
                    turn.put("role", message.role());
                    turn.put("content", message.content());
                    if (!message.toolCalls().isEmpty()) {
                        turn.put("tool_calls", message.toolCalls());
                    }
                    return turn;
                })
                .toList();
        try {
            return json.writeValueAsString(turns);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("messages are always JSON", e);
        }
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
