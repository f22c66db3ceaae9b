package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An answer is the same, bit by bit, whatever else the engine does meanwhile. */
class EngineBitStabilityTest extends EngineFixture {
    @Test
    void anAnswerIsBitIdenticalWhateverElseIsInTheBatch() {
        loadAdapters();
        Random random = new Random(42);
        List<TestRequest> watched = List.of(
                request(HOSPITAL, prompt(1, 33)).maxTokens(30).temperature(0.8, 7),
                request(HOSPITAL, prompt(2, 5))
                        .maxTokens(30)
                        .adapter(HOSPITAL_ADAPTER)
                        .temperature(1.1, 8),
                request(BROKER, prompt(3, 50)).maxTokens(30).adapter(BROKER_ADAPTER));
        List<Answer> alone = watched.stream().map(this::alone).toList();
        for (int round = 0; round < 3; round++) {
            List<CollectingListener> others = new ArrayList<>();
            List<CollectingListener> listeners = new ArrayList<>();
            for (TestRequest request : watched) {
                others.add(submit(randomRequest(random)));
                listeners.add(submit(request));
                others.add(submit(randomRequest(random)));
            }
            others.forEach(CollectingListener::await);
            for (int i = 0; i < watched.size(); i++) {
                listeners.get(i).await();
                alone.get(i).assertSame(listeners.get(i));
            }
        }
        assertThat(alone.get(0).probabilities()).isNotEqualTo(alone.get(1).probabilities());
    }

    @Test
    void anyOrderOfArrivalGivesTheSameAnswers() {
        loadAdapters();
        Random random = new Random(7);
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            requests.add(randomRequest(random));
        }
        List<Answer> alone = requests.stream().map(this::alone).toList();
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
        for (int round = 0; round < 4; round++) {
            Collections.shuffle(order, random);
            List<CollectingListener> listeners = new ArrayList<>();
            for (int i : order) {
                listeners.add(submit(requests.get(i)));
                if (random.nextInt(3) == 0) {
                    listeners.getLast().awaitText();
                }
            }
            for (int i = 0; i < order.size(); i++) {
                listeners.get(i).await();
                alone.get(order.get(i)).assertSame(listeners.get(i));
            }
        }
    }

    @Test
    void answersToOnePromptThatComeTogetherComputeItOnce() {
        int[] prompt = prompt(5, 100);
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(request(HOSPITAL, prompt).maxTokens(10).temperature(1.2, i));
        }
        List<CollectingListener> listeners = requests.stream().map(this::submit).toList();
        listeners.forEach(CollectingListener::await);
        awaitIdle();
        // Four times nine tokens of answers, the prompt, and three times what its full blocks leave over.
        assertThat(engine.metrics().tokens().computed()).isEqualTo(4 * 9 + 100 + 3 * 4);
        for (int i = 0; i < 4; i++) {
            alone(requests.get(i)).assertSame(listeners.get(i));
        }
    }

    private Answer alone(TestRequest request) {
        CollectingListener listener = submit(request);
        listener.await();
        return new Answer(listener.tokens(), listener.probabilities());
    }

    private record Answer(int[] tokens, double[] probabilities) {
        void assertSame(CollectingListener other) {
            assertThat(other.tokens()).containsExactly(tokens);
            assertThat(other.probabilities()).containsExactly(probabilities);
        }
    }
}
