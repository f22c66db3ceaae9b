package io.plumbline.inference.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BackendsTest {
    @Test
    void autoTakesTheBestAndANameTakesThatOne() {
        ProbedBackend best = Backends.probe().getFirst();
        try (Backend auto = Backends.open(Backends.AUTO, new BackendOptions(1));
                Backend reference = Backends.open("reference", new BackendOptions(1))) {
            assertThat(auto.name()).isEqualTo(best.name());
            assertThat(reference.name()).isEqualTo("reference");
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThereAre() {
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> Backends.open("abacus", new BackendOptions(1)).close())
                .withMessageContaining("abacus")
                .withMessageContaining("reference");
    }

    @Test
    void aRefusalIsToldWithoutOpeningAnything() {
        assertThat(Backends.refusal(Backends.AUTO)).isEmpty();
        assertThat(Backends.refusal("reference")).isEmpty();
        assertThat(Backends.refusal("abacus")).get().asString().contains("abacus", "auto, ", "reference");
    }

    @Test
    void theCommandListsEveryProvider() throws Exception {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new BackendsCommand())
                .setOut(new PrintWriter(out, true))
                .execute("--json");
        JsonNode all = new ObjectMapper().readTree(out.toString());
        assertThat(code).isZero();
        assertThat(all).hasSameSizeAs(Backends.probe());
        assertThat(all.findValuesAsText("name")).contains("reference", "cpu");
    }
}
