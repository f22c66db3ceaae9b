package io.plumbline.inference.engine;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.Priority;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.Urgency;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A request and variations of it. */
record TestRequest(EngineRequest build) {
    /** Keeps the model, whose weights are random, from ending its answers at random. */
    private static final Map<Integer, Double> NO_END = Map.of(2, -1000.0, 4, -1000.0);

    /** Greedy, with log-probabilities, as long as the context. */
    static TestRequest of(TenantId tenant, int[] prompt) {
        return new TestRequest(EngineRequest.of(tenant, prompt).withTopLogprobs(OptionalInt.of(0))).bias(NO_END);
    }

    TestRequest maxTokens(int tokens) {
        return new TestRequest(build.withMaxTokens(OptionalInt.of(tokens)));
    }

    TestRequest stop(String stop) {
        return new TestRequest(build.withStop(List.of(stop)));
    }

    TestRequest adapter(AdapterId id) {
        return new TestRequest(build.withAdapter(Optional.of(id)));
    }

    TestRequest grammar(CompiledGrammar grammar) {
        return new TestRequest(build.withGrammar(Optional.of(grammar)));
    }

    TestRequest temperature(double temperature, long seed) {
        return sampling(new SamplingSettings(temperature, 0, 0.95, 0, 1.1, 0, 0.2, NO_END, OptionalLong.of(seed)));
    }

    TestRequest bias(Map<Integer, Double> bias) {
        return sampling(new SamplingSettings(0, 0, 1, 0, 1, 0, 0, bias, OptionalLong.empty()));
    }

    /** The answer has no other tokens than these, so that it repeats itself. */
    TestRequest only(int... tokens) {
        SamplingSettings s = build.sampling();
        Map<Integer, Double> bias = new HashMap<>();
        for (int token : tokens) {
            bias.put(token, 1000.0);
        }
        return sampling(new SamplingSettings(
                s.temperature(),
                s.topK(),
                s.topP(),
                s.minP(),
                s.repetitionPenalty(),
                s.presencePenalty(),
                s.frequencyPenalty(),
                bias,
                s.seed()));
    }

    TestRequest priority(Priority priority) {
        return new TestRequest(
                build.withUrgency(new Urgency(priority, build.urgency().timeLimit())));
    }

    TestRequest timeLimit(Duration limit) {
        return new TestRequest(build.withUrgency(new Urgency(build.urgency().priority(), Optional.of(limit))));
    }

    private TestRequest sampling(SamplingSettings settings) {
        return new TestRequest(build.withSampling(settings));
    }
}
