package io.plumbline.platform.finetuning;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Jobs stay where the test puts them. */
public final class NoTrainer implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("plumbline.trainer.slots", "0");
    }
}
