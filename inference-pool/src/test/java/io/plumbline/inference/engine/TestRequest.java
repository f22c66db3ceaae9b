package io.plumbline.inference.engine;

import io.plumbline.inference.TenantId;
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
        return new TestRequest(new EngineRequest(
                tenant,
                Optional.empty(),
                prompt,
                new SamplingSettings(0, 0, 1, 0, 1, 0, 0, NO_END, OptionalLong.empty()),
                OptionalInt.empty(),
                List.of(),
                OptionalInt.of(0)));
    }

    TestRequest maxTokens(int tokens) {
        return with(build.sampling(), OptionalInt.of(tokens), build.stop(), build.adapter());
    }

    TestRequest stop(String stop) {
        return with(build.sampling(), build.maxTokens(), List.of(stop), build.adapter());
    }

    TestRequest adapter(AdapterId id) {
        return with(build.sampling(), build.maxTokens(), build.stop(), Optional.of(id));
    }

    TestRequest temperature(double temperature, long seed) {
        return with(
                new SamplingSettings(temperature, 0, 0.95, 0, 1.1, 0, 0.2, NO_END, OptionalLong.of(seed)),
                build.maxTokens(),
                build.stop(),
                build.adapter());
    }

    TestRequest bias(Map<Integer, Double> bias) {
        return with(
                new SamplingSettings(0, 0, 1, 0, 1, 0, 0, bias, OptionalLong.empty()),
                build.maxTokens(),
                build.stop(),
                build.adapter());
    }

    /** The answer has no other tokens than these, so that it repeats itself. */
    TestRequest only(int... tokens) {
        SamplingSettings s = build.sampling();
        Map<Integer, Double> bias = new HashMap<>();
        for (int token : tokens) {
            bias.put(token, 1000.0);
        }
        return with(
                new SamplingSettings(
                        s.temperature(),
                        s.topK(),
                        s.topP(),
                        s.minP(),
                        s.repetitionPenalty(),
                        s.presencePenalty(),
                        s.frequencyPenalty(),
                        bias,
                        s.seed()),
                build.maxTokens(),
                build.stop(),
                build.adapter());
    }

    TestRequest priority(Priority priority) {
        return with(new Urgency(priority, build.urgency().timeLimit()));
    }

    TestRequest timeLimit(Duration limit) {
        return with(new Urgency(build.urgency().priority(), Optional.of(limit)));
    }

    private TestRequest with(Urgency urgency) {
        return new TestRequest(new EngineRequest(
                build.tenant(),
                build.adapter(),
                build.prompt(),
                build.sampling(),
                build.maxTokens(),
                build.stop(),
                build.topLogprobs(),
                urgency));
    }

    private TestRequest with(
            SamplingSettings sampling, OptionalInt maxTokens, List<String> stop, Optional<AdapterId> adapter) {
        return new TestRequest(new EngineRequest(
                build.tenant(),
                adapter,
                build.prompt(),
                sampling,
                maxTokens,
                stop,
                build.topLogprobs(),
                build.urgency()));
    }
}
