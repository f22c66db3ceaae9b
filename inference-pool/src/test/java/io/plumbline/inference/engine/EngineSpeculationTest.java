package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.constraint.ConstraintCompiler;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.OutputConstraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Guesses make answers cheaper and never different. */
class EngineSpeculationTest extends EngineFixture {
    @Override
    EngineLimits limits() {
        return LIMITS.withScheduling(LIMITS.scheduling().withGuessesUpTo(12));
    }

    @Test
    void answersAreTheSameWithAndWithoutGuesses() {
        loadAdapters();
        Random random = new Random(11);
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            requests.add(likelyToRepeatItself(random));
        }
        List<Answer> guessed = new ArrayList<>();
        for (int i = 0; i < requests.size(); i += 4) {
            guessed.addAll(together(requests.subList(i, i + 4)));
        }
        awaitIdle();
        EngineMetrics metrics = engine.metrics();
        assertThat(metrics.guesses().accepted()).isPositive();
        assertThat(metrics.guesses().proposed())
                .as("some guesses are wrong")
                .isGreaterThan(metrics.guesses().accepted());

        withoutGuesses();
        for (int i = 0; i < requests.size(); i++) {
            Answer plain = together(requests.subList(i, i + 1)).getFirst();
            assertThat(guessed.get(i)).usingRecursiveComparison().isEqualTo(plain);
        }
        assertThat(engine.metrics().guesses().proposed()).isZero();
    }

    @Test
    void withinAGrammarToo() {
        CompiledGrammar grammar = new ConstraintCompiler(tokenizer, GrammarLimits.defaults())
                .compile(new OutputConstraint.Regex("(ab|ac){30}"))
                .orElseThrow();
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestRequest request = request(HOSPITAL, repeated(i, 20)).maxTokens(100);
            request = i % 2 == 0 ? request : request.temperature(1.5, i);
            requests.add(request.grammar(grammar));
        }
        List<Answer> guessed = together(requests);
        awaitIdle();
        assertThat(engine.metrics().guesses().accepted()).isPositive();
        withoutGuesses();
        for (int i = 0; i < requests.size(); i++) {
            Answer plain = together(requests.subList(i, i + 1)).getFirst();
            assertThat(plain.text()).matches("(ab|ac){30}");
            assertThat(guessed.get(i)).usingRecursiveComparison().isEqualTo(plain);
        }
    }

    @Test
    void whatRepeatsItselfTakesFewerSteps() {
        TestRequest request = request(HOSPITAL, repeated(4, 5)).maxTokens(60).only(77);
        FinishedCompletion finished = submit(request).await();
        awaitIdle();
        assertThat(finished.completionTokens()).isEqualTo(60);
        assertThat(engine.metrics().tokens().generated()).isEqualTo(60);
        assertThat(engine.metrics().steps()).isLessThan(20);
        EngineMetrics.Guesses guesses = engine.metrics().guesses();
        assertThat(guesses.accepted()).isGreaterThan(40).isLessThanOrEqualTo(guesses.proposed());
    }

    @Test
    void aStopStringInsideAGuessEndsTheAnswerThere() {
        TestRequest request = request(HOSPITAL, repeated(2, 6)).maxTokens(60).only(77);
        CollectingListener whole = submit(request);
        whole.await();
        String unit = tokenizer.decode(new int[] {77}, false);
        String stop = unit.repeat(23);
        CollectingListener stopped = submit(request.stop(stop));
        FinishedCompletion finished = stopped.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.STOP);
        assertThat(finished.completionTokens()).isEqualTo(23);
        assertThat(stopped.text())
                .isEqualTo(whole.text().substring(0, whole.text().indexOf(stop)));
        awaitIdle();
        assertThat(engine.metrics().cache().inUse()).isZero();
    }

    @Test
    void guessesGiveWayWhenMemoryIsShort() {
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            requests.add(request(i % 2 == 0 ? HOSPITAL : BROKER, repeated(20 + i, 150))
                    .maxTokens(60)
                    .only(90 + i, 91 + i));
        }
        List<Answer> guessed = together(requests);
        withoutGuesses();
        for (int i = 0; i < requests.size(); i++) {
            Answer plain = together(requests.subList(i, i + 1)).getFirst();
            assertThat(guessed.get(i)).usingRecursiveComparison().isEqualTo(plain);
        }
    }

    private void withoutGuesses() {
        engine.close();
        engine = new InferenceEngine("tiny", model, tokenizer, LIMITS);
        loadAdapters();
    }

    private TestRequest likelyToRepeatItself(Random random) {
        boolean hospital = random.nextBoolean();
        TestRequest request = request(
                        hospital ? HOSPITAL : BROKER, repeated(random.nextInt(100), 10 + random.nextInt(50)))
                .maxTokens(1 + random.nextInt(60));
        if (random.nextBoolean()) {
            request = request.adapter(hospital ? HOSPITAL_ADAPTER : BROKER_ADAPTER);
        }
        if (random.nextBoolean()) {
            request = request.temperature(0.3 + random.nextDouble(), random.nextLong());
        }
        int token = 100 + random.nextInt(100);
        request = request.only(token, token + 1, token + 2);
        return random.nextInt(4) == 0
                ? request.stop(tokenizer.decode(new int[] {token, token, token}, false))
                : request;
    }

    private List<Answer> together(List<TestRequest> requests) {
        List<CollectingListener> listeners = requests.stream().map(this::submit).toList();
        return listeners.stream()
                .map(listener -> {
                    FinishedCompletion finished = listener.await();
                    return new Answer(
                            listener.text(),
                            listener.tokens(),
                            listener.probabilities(),
                            finished.reason(),
                            finished.completionTokens());
                })
                .toList();
    }

    /** A few tokens, over and over. */
    private static int[] repeated(int seed, int length) {
        int[] unit = prompt(seed, 5);
        int[] tokens = new int[length];
        Arrays.setAll(tokens, i -> unit[i % unit.length]);
        return tokens;
    }

    private record Answer(
            String text, int[] tokens, double[] probabilities, FinishReason reason, int completionTokens) {}
}
