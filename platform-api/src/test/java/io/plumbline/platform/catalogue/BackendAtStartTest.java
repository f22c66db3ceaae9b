package io.plumbline.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendAtStartTest {
    private static void start(String backend) {
        PoolConfig config = ConfiguredPool.of("backend", backend);
        new BackendAtStart(config, new RemoteEngines(config, Path.of("data"))).check(new StartupEvent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "reference"})
    void whatIsThereStarts(String backend) {
        assertThatCode(() -> start(backend)).doesNotThrowAnyException();
    }

    @Test
    void whatIsNotThereIsRefusedInWords() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> start("abacus"))
                .withMessageStartingWith(
                        "Plumbline does not start: there is no backend 'abacus'; choose one of: auto, ");
    }
}
