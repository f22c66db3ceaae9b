package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.InferenceException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Adapters that come and go. */
class EngineAdaptersTest extends EngineFixture {
    @Test
    void anAdapterComesAndGoesWhileOthersGenerate() {
        CollectingListener running = submit(request(BROKER, prompt(1, 10)).maxTokens(60));
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, 5)).adapter(HOSPITAL_ADAPTER)));
        engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all"));
        engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-qv"));
        long loaded = backend.memory().bytesInUse();
        CollectingListener adapted =
                submit(request(HOSPITAL, prompt(1, 10)).maxTokens(40).adapter(HOSPITAL_ADAPTER));
        engine.unloadAdapter(HOSPITAL_ADAPTER);
        assertThatExceptionOfType(InferenceException.UnknownAdapter.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, 5)).adapter(HOSPITAL_ADAPTER)));
        assertThat(adapted.await().completionTokens())
                .as("the running request keeps it")
                .isEqualTo(40);
        assertThat(running.await().completionTokens()).isEqualTo(60);
        awaitIdle();
        submit(request(BROKER, prompt(2, 5)).maxTokens(1)).await();
        assertThat(backend.memory().bytesInUse()).isLessThan(loaded);
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedWithEveryReason() throws IOException {
        try (LoadedModel gemma = TestModels.open("gemma3-p6.Q8_0.gguf", backend);
                InferenceEngine other = new InferenceEngine("gemma", gemma, tokenizer, LIMITS)) {
            assertThatExceptionOfType(InferenceException.InvalidAdapter.class)
                    .isThrownBy(() -> other.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all")))
                    .withMessageContaining("does not fit gemma")
                    .withMessageContaining("layer 0 gate_proj")
                    .withMessageContaining("layer 2 down_proj");
        }
    }
}
