package io.plumbline.platform.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.FormOfRelease;
import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.NewCase;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewQueue;
import io.plumbline.compliance.review.event.CaseDecided;
import io.plumbline.compliance.review.event.CaseExpired;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.screen.Notice;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;

/**
 * The caller's side of a case: a held answer is stored in its pending form together with its case, and gets its final form
 * together with the decision. There is no moment at which one is there without the other.
 */
@ApplicationScoped
public class HeldAnswers {
    private static final Bilingual NOT_RELEASED =
            new Bilingual("审核员未放行此回答。", "A reviewer did not release this answer.");
    private static final Bilingual NOT_DECIDED = new Bilingual(
            "此回答未能在期限内完成人工审核，因此不予放行。请重新提问。",
            "Nobody decided on this answer in time, so it is not released. Ask again.");

    private final ReviewQueue queue;
    private final StoredAnswers stored;
    private final ObjectMapper json;

    @Inject
    HeldAnswers(ReviewQueue queue, StoredAnswers stored, ObjectMapper json) {
        this.queue = queue;
        this.stored = stored;
        this.json = json;
    }

    /**
     * Opens the case of an answer and stores its pending form. If this fails, nothing of the held text may leave, and the
     * caller is told of an error.
     *
     * @param body the answer as it is told until the decision, as JSON
     */
    @Transactional
    public CaseId park(Caller caller, NewCase held, String body) {
        CaseId id = queue.open(held).id();
        stored.addPending(caller, held.origin(), body, id);
        return id;
    }

    void onDecided(@Observes CaseDecided decided) {
        conclude(decided.caseId(), decided.answerId(), NOT_RELEASED);
    }

    void onExpired(@Observes CaseExpired expired) {
        conclude(expired.caseId(), expired.answerId(), NOT_DECIDED);
    }

    private void conclude(CaseId id, String answerId, Bilingual refusal) {
        ReviewCase ended = queue.find(id).orElseThrow();
        String told = ended.origin().language().choose(refusal);
        stored.conclude(answerId, body -> finalForm(body, ended, told));
    }

    /** The form in which {@code gateway.rest} tells the notices of an answer that was not held. */
    private static void tell(List<Notice> notices, ArrayNode listed) {
        notices.forEach(notice -> listed.addObject()
                .put("rule", notice.rule())
                .put("place", notice.place().name().toLowerCase(Locale.ROOT))
                .put("text", notice.text()));
    }

    private static void release(HeldChoice held, String text, ReviewCase ended, ObjectNode choice, ObjectNode message) {
        message.put("content", text);
        message.putNull("refusal");
        boolean mayCall = ended.form() instanceof OutputConstraint.ToolCalls
                || held.ending().equals(Ending.TOOL_CALLS.wireName());
        if (mayCall) {
            CallsOfChoice.split(text, message);
        }
        if (!held.notices().isEmpty()) {
            tell(held.notices(), choice.putObject("plumbline").putArray("notices"));
        }
        choice.put("finish_reason", text.equals(held.releasable()) ? held.ending() : ending(held, text, ended));
    }

    /** Why a text in a reviewer's words ends: they may have taken a call out, put one in, or completed what was cut off. */
    private static String ending(HeldChoice held, String text, ReviewCase ended) {
        boolean complete = FormOfRelease.of(ended).complete(text);
        boolean cut = held.ending().equals(Ending.LENGTH.wireName()) && !complete;
        if (ended.form() instanceof OutputConstraint.ToolCalls && !cut) {
            return (CallsOfChoice.in(text) ? Ending.TOOL_CALLS : Ending.STOP).wireName();
        }
        return complete ? Ending.STOP.wireName() : held.ending();
    }

    private String finalForm(String pending, ReviewCase ended, String refusal) {
        try {
            JsonNode answer = json.readTree(pending);
            for (HeldChoice held : ended.choices()) {
                ObjectNode choice = (ObjectNode) answer.path("choices").path(held.index());
                ObjectNode message = (ObjectNode) choice.path("message");
                if (held.released().isPresent()) {
                    release(held, held.released().get(), ended, choice, message);
                } else {
                    message.put("content", refusal);
                    message.put("refusal", refusal);
                    choice.put("finish_reason", Ending.CONTENT_FILTER.wireName());
                }
            }
            return json.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored answer is not JSON", e);
        }
    }
}
