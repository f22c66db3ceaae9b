package io.plumbline.finetune.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraSuiteTest {
    /** Two dense models, and two whose gradient reaches the attention through experts and their routers. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "auto"})
    void everyCaseAgreesWithPeft(String backend) throws IOException, URISyntaxException {
        List<GoldenResult> results = run(backend);
        assertThat(results).hasSize(4 * 11).allSatisfy(result -> {
            assertThat(result.outcome()).isInstanceOf(Outcome.Compared.class);
            assertThat(((Outcome.Compared) result.outcome()).passed())
                    .as(result.toString())
                    .isTrue();
        });
    }

    @Test
    void theSuiteIsFoundAsAService() {
        assertThat(ServiceLoader.load(GoldenSuite.class).stream().map(ServiceLoader.Provider::type))
                .anyMatch(type -> type == LoraSuite.class);
    }

    private static List<GoldenResult> run(String backend) throws IOException, URISyntaxException {
        Path root = Path.of(Objects.requireNonNull(LoraSuiteTest.class.getResource("/golden"))
                .toURI());
        List<GoldenResult> results = new ArrayList<>();
        new LoraSuite().run(root.resolve("lora"), new GoldenOptions(root, backend, Map.of()), results::add);
        return results;
    }
}
