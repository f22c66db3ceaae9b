package io.plumbline.platform.gateway;

import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.Urgency;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.catalogue.ModelRoutes;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.usage.Reservation;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.Usage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Life of one answer: route, reserve, screen the question, generate, screen the answer, settle. */
@ApplicationScoped
public class ChatAnswers {
    /** Text of most languages has more than two characters a token: an upper estimate for the reservation. */
    private static final int CHARACTERS_PER_TOKEN = 2;

    private final ModelRoutes routes;
    private final Usage usage;
    private final InputScreening inputScreening;
    private final Screener screener;
    private final InferencePool pool;
    private final AnswerLedger ledger;
    private final ServiceTiers tiers;
    private final Clock clock;

    @Inject
    ChatAnswers(
            ModelRoutes routes,
            Usage usage,
            InputScreening inputScreening,
            Screener screener,
            InferencePool pool,
            AnswerLedger ledger,
            ServiceTiers tiers,
            Clock clock) {
        this.routes = routes;
        this.usage = usage;
        this.inputScreening = inputScreening;
        this.screener = screener;
        this.pool = pool;
        this.ledger = ledger;
        this.tiers = tiers;
        this.clock = clock;
    }

    /**
     * Begins to answer.
     *
     * @throws io.plumbline.platform.catalogue.UnknownModel if the tenant has no such model
     * @throws io.plumbline.platform.usage.QuotaExceeded if its tokens of the day are used up
     * @throws io.plumbline.inference.pool.InferenceException if the pool refuses
     */
    public RunningAnswer begin(Caller caller, ChatQuestion question) {
        ModelRoute route = routes.get(caller.tenant(), question.model());
        Reservation reservation =
                usage.reserve(caller, Ids.create("chatcmpl-"), question.model(), most(route, question));
        Optional<ServiceTier> tier = question.tier().map(asked -> tiers.granted(caller.tenant(), asked));
        AnswerContext context = new AnswerContext(
                caller.tenant(), route, reservation, clock.instant().getEpochSecond(), question, tier);
        try {
            return begin(context);
        } catch (RuntimeException e) {
            ledger.release(context);
            throw e;
        }
    }

    private RunningAnswer begin(AnswerContext context) {
        ChatQuestion question = context.question();
        ModelRoute route = context.route();
        ScreenContext rules = new ScreenContext(
                context.tenant(),
                route.policy().packs(),
                route.policy().audience(),
                Map.of("deployment", route.id(), "model", route.baseModel()));
        InputScreening.Outcome input = inputScreening.screen(rules, question.messages(), question.form());
        if (input.refusal().isPresent()) {
            WithheldAnswer withheld = new WithheldAnswer(
                    context,
                    input,
                    question.choices(),
                    context.told(input.refusal().get()));
            ledger.withhold(context, input.findings(), withheld.transcript());
            return withheld;
        }
        List<ScreenedChoice> choices = IntStream.range(0, question.choices())
                .mapToObj(i -> new ScreenedChoice(
                        screener.open(
                                rules.following(input.dialogue()),
                                input.notices(),
                                question.form().textForm()),
                        input.held(),
                        input.form().check()))
                .toList();
        CaseOfAnswer caseOfAnswer = new CaseOfAnswer(context, input.form().constraint(), screener.rules(rules));
        PoolAnswer answer = new PoolAnswer(context, input, choices, ledger, caseOfAnswer);
        submit(context, input, answer);
        return answer;
    }

    private void submit(AnswerContext context, InputScreening.Outcome input, PoolAnswer answer) {
        ChatQuestion question = context.question();
        Prompt prompt = new Prompt.Chat(
                input.messages(), context.route().chatTemplate(), input.form().tools());
        try {
            for (int choice = 0; choice < question.choices(); choice++) {
                CompletionRequest request = new CompletionRequest(
                        context.tenant(),
                        context.route().baseModel(),
                        context.route().adapter(),
                        prompt,
                        ofChoice(question.sampling(), choice),
                        question.maxTokens(),
                        question.stop(),
                        question.topLogprobs(),
                        new Urgency(context.tier().orElse(ServiceTier.DEFAULT).priority(), Optional.empty()),
                        input.form().constraint());
                answer.started(pool.submit(request, answer.listener(choice)));
            }
        } catch (RuntimeException e) {
            answer.cancel();
            throw e;
        }
    }

    /** With a seed, each choice draws differently and yet the same every time. */
    private static SamplingSettings ofChoice(SamplingSettings s, int choice) {
        OptionalLong seed = s.seed().isPresent() ? OptionalLong.of(s.seed().getAsLong() + choice) : s.seed();
        return new SamplingSettings(
                s.temperature(),
                s.topK(),
                s.topP(),
                s.minP(),
                s.repetitionPenalty(),
                s.presencePenalty(),
                s.frequencyPenalty(),
                s.logitBias(),
                seed);
    }

    private Tokens most(ModelRoute route, ChatQuestion question) {
        long prompt = question.characters() / CHARACTERS_PER_TOKEN;
        int context = pool.baseModels().stream()
                .filter(model -> model.id().equals(route.baseModel()))
                .mapToInt(BaseModel::contextLength)
                .findFirst()
                .orElse(0);
        return new Tokens(
                prompt, (long) question.choices() * question.maxTokens().orElse(context), 0);
    }
}
