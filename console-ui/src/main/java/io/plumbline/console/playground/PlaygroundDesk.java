package io.plumbline.console.playground;

import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.catalogue.ModelRoutes;
import io.plumbline.platform.gateway.ChatAnswers;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.Ending;
import io.plumbline.platform.gateway.Piece;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.Verdicts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks models in process, through the same door as REST: the same routes, rules, quotas and ledger. */
@Desk
@ApplicationScoped
public class PlaygroundDesk {
    private static final int MOST_FINDINGS = 200;

    private final ConsoleSession session;
    private final ModelRoutes routes;
    private final ChatAnswers answers;
    private final Verdicts verdicts;
    private final Screener screener;

    @Inject
    PlaygroundDesk(
            ConsoleSession session, ModelRoutes routes, ChatAnswers answers, Verdicts verdicts, Screener screener) {
        this.session = session;
        this.routes = routes;
        this.answers = answers;
        this.verdicts = verdicts;
        this.screener = screener;
    }

    /** The tenant's models, deployments first. */
    @RequiresScope(Scope.INFERENCE)
    public List<ModelChoice> models() {
        return routes.list(session.tenant()).stream().map(ModelChoice::of).toList();
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
        while (!answer.ended()) {
            Optional<Piece> piece = next(answer);
            if (piece.isPresent()) {
                switch (piece.get()) {
                    case Piece.Text text -> {
                        firstText = firstText.or(() -> Optional.of(since(start)));
                        observer.text(text.text());
                    }
                    case Piece.End ended -> end = Optional.of(ended);
                }
            }
        }
        observer.ended(new AnswerEnd(
                end.map(Piece.End::ending).orElse(Ending.LENGTH),
                end.flatMap(Piece.End::refusal),
                fired(answer.id(), caller, question),
                answer.tokens(),
                firstText,
                since(start)));
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

    private List<FiredRule> fired(String answerId, Caller caller, ChatQuestion question) {
        Map<String, Rule> rules = rules(caller, question.model());
        return verdicts.newest(MOST_FINDINGS, Long.MAX_VALUE, Optional.of(answerId)).reversed().stream()
                .map(verdict -> new FiredRule(
                        verdict.rule(),
                        verdict.severity(),
                        verdict.action(),
                        Place.of(verdict.item(), question.messages()),
                        Optional.ofNullable(rules.get(verdict.rule()))))
                .distinct()
                .toList();
    }

    private Map<String, Rule> rules(Caller caller, String model) {
        ModelRoute route = routes.get(caller.tenant(), model);
        ScreenContext context = new ScreenContext(
                caller.tenant(), route.policy().packs(), route.policy().audience(), Map.of());
        Map<String, Rule> rules = new HashMap<>();
        screener.rules(context).forEach(rule -> rules.put(rule.reference(), rule));
        return rules;
    }
}
