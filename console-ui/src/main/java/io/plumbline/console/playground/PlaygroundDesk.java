package io.plumbline.console.playground;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.gateway.AnswerArchive;
import io.plumbline.platform.gateway.ChatAnswers;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.Ending;
import io.plumbline.platform.gateway.Piece;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.gateway.StoredAnswer;
import io.plumbline.platform.gateway.StoredAnswers;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks models in process, through the same door as REST: the same routes, rules, quotas, ledger and cases. */
@Desk
@ApplicationScoped
public class PlaygroundDesk {
    private final ConsoleSession session;
    private final ModelRules rules;
    private final ChatAnswers answers;
    private final AnswerArchive archive;
    private final StoredAnswers stored;

    @Inject
    PlaygroundDesk(
            ConsoleSession session,
            ModelRules rules,
            ChatAnswers answers,
            AnswerArchive archive,
            StoredAnswers stored) {
        this.session = session;
        this.rules = rules;
        this.answers = answers;
        this.archive = archive;
        this.stored = stored;
    }

    /** The tenant's models, deployments first. */
    @RequiresScope(Scope.INFERENCE)
    public List<ModelChoice> models() {
        return rules.models(session.tenant());
    }

    /**
     * Asks and waits for the end, telling the observer on the way.
     *
     * @throws io.plumbline.platform.error.PlatformException if the question is refused; the observer is told nothing then
     * @throws io.plumbline.inference.pool.InferenceException if the engine failed
     */
    @RequiresScope(Scope.INFERENCE)
    public void ask(ChatQuestion question, AnswerObserver observer) {
        long start = System.nanoTime();
        Caller caller = session.caller();
        RunningAnswer answer = answers.begin(caller, question);
        observer.begun(answer);
        Optional<Duration> firstText = Optional.empty();
        Optional<Piece.End> end = Optional.empty();
        List<Piece> pieces = new ArrayList<>();
        while (!answer.ended()) {
            Optional<Piece> piece = next(answer);
            piece.ifPresent(pieces::add);
            if (piece.isPresent()) {
                switch (piece.get()) {
                    case Piece.Text text -> {
                        firstText = firstText.or(() -> Optional.of(since(start)));
                        observer.text(text.text());
                    }
                    // The playground offers no tools; were there a call, it would be shown as it is.
                    case Piece.ToolCall call -> observer.text(call.name());
                    case Piece.Arguments arguments -> observer.text(arguments.text());
                    case Piece.End ended -> {
                        end = Optional.of(ended);
                        // Nor does it ask for a form; were there words beside one, people would have to see them.
                        ended.notices().forEach(notice -> observer.text("\n\n" + notice.text()));
                    }
                }
            }
        }
        Optional<CaseId> held = archive.keep(caller, question, answer, pieces);
        observer.ended(new AnswerEnd(
                end.map(Piece.End::ending).orElse(Ending.LENGTH),
                end.flatMap(Piece.End::refusal),
                held.map(CaseId::value),
                rules.fired(caller.tenant(), answer.id(), question),
                answer.tokens(),
                firstText,
                since(start)));
    }

    /** What a reviewer made of a held answer; empty until then. */
    @RequiresScope(Scope.INFERENCE)
    public Optional<Decided> decided(String answerId) {
        StoredAnswer answer = stored.get(answerId);
        return answer.pending() ? Optional.empty() : Optional.of(Decided.of(answer.body()));
    }

    /** Whoever ends the page ends the generation; what was used is booked all the same. */
    private static Optional<Piece> next(RunningAnswer answer) {
        try {
            return answer.next();
        } catch (InterruptedException e) {
            answer.cancel();
            return Optional.empty();
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
