package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.TestDevice;
import io.plumbline.inference.kernel.cuda.StandInProvider;
import io.plumbline.inference.kernel.cuda.WithStandIn;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine on the cuda backend answers is what the reference backend answers, to the bit (ADR 0025). */
@WithStandIn
class CudaEngineTest extends EngineFixture {
    /** Quantised blocks, so that products are taken in integers. */
    @Override
    String modelFile() {
        return "llama-untied.Q8_0.gguf";
    }

    @Test
    void answersOfSeveralAdaptersInOneBatchAreThoseOfTheReference() throws IOException {
        loadAdapters();
        List<TestRequest> requests = List.of(
                request(HOSPITAL, prompt(1, 33)).maxTokens(8).temperature(0.8, 7),
                request(HOSPITAL, prompt(2, 5))
                        .maxTokens(8)
                        .adapter(HOSPITAL_ADAPTER)
                        .temperature(1.1, 8),
                request(BROKER, prompt(3, 20)).maxTokens(8).adapter(BROKER_ADAPTER));
        List<CollectingListener> expected = submitAll(requests, engine);
        try (TestDevice device = TestDevice.open(new StandInProvider(), 1);
                LoadedModel onDevice = LoadedModel.of(
                        GgufFile.open(TestModels.path(modelFile())), device.backend(), ActivationPrecision.INT8);
                InferenceEngine other = new InferenceEngine("tiny", onDevice, tokenizer, LIMITS)) {
            other.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all"));
            other.loadAdapter(BROKER_ADAPTER, TestModels.adapter("adapter-qv"));
            List<CollectingListener> actual = submitAll(requests, other);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(actual.get(i).tokens())
                        .containsExactly(expected.get(i).tokens());
                assertThat(actual.get(i).probabilities())
                        .containsExactly(expected.get(i).probabilities());
            }
        }
    }

    private static List<CollectingListener> submitAll(List<TestRequest> requests, InferenceEngine engine) {
        List<CollectingListener> listeners = requests.stream()
                .map(request -> {
                    CollectingListener listener = new CollectingListener();
                    engine.submit(request.build(), listener);
                    return listener;
                })
                .toList();
        listeners.forEach(CollectingListener::await);
        return listeners;
    }
}
