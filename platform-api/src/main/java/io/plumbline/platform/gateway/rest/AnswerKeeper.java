package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.platform.gateway.AnswerArchive;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.HeldAnswers;
import io.plumbline.platform.gateway.Piece;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.gateway.StoredAnswers;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Keeps an answer that has ended: with a case where a person decides, else if the caller asked for it. */
@ApplicationScoped
class AnswerKeeper implements AnswerArchive {
    private final HeldAnswers held;
    private final StoredAnswers stored;
    private final ObjectMapper json;

    @Inject
    AnswerKeeper(HeldAnswers held, StoredAnswers stored, ObjectMapper json) {
        this.held = held;
        this.stored = stored;
        this.json = json;
    }

    /**
     * What was kept.
     *
     * @param body the answer as JSON
     * @param caseId under which a person decides; empty if nobody need
     */
    record Kept(String body, Optional<CaseId> caseId) {}

    /** @param completion the answer as it is sent now */
    Kept keep(Caller caller, RunningAnswer answer, ChatRequest request, ChatCompletion completion)
            throws JsonProcessingException {
        return keep(caller, answer, completion, Boolean.TRUE.equals(request.store()));
    }

    @Override
    public Optional<CaseId> keep(Caller caller, ChatQuestion question, RunningAnswer answer, List<Piece> pieces) {
        CollectedAnswer collected =
                new CollectedAnswer(question.choices(), question.topLogprobs().isPresent());
        pieces.forEach(collected::add);
        try {
            return keep(caller, answer, collected.completion(answer, question.model(), null), question.store())
                    .caseId();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is texts and numbers, which are always JSON", e);
        }
    }

    private Kept keep(Caller caller, RunningAnswer answer, ChatCompletion completion, boolean store)
            throws JsonProcessingException {
        String body = json.writeValueAsString(completion);
        if (answer.held().isPresent()) {
            return new Kept(body, Optional.of(held.park(caller, answer.held().get(), body)));
        }
        if (store) {
            stored.add(caller, answer.id(), completion.model(), body);
        }
        return new Kept(body, Optional.empty());
    }
}
