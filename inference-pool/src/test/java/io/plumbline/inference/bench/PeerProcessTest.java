package io.plumbline.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerProcessTest {
    /** Answers like the driver, whatever it is asked. */
    static List<String> driver(String answer) {
        return List.of("sh", "-c", "while read -r line; do echo '" + answer + "'; done");
    }

    @Test
    void commandsAndAnswersAreLinesOfJson() {
        List<String> echo = List.of(
                "sh",
                "-c",
                "read -r line; case \"$line\" in *'\"do\":\"decode\"'*'\"streams\":8'*) "
                        + "echo '{\"tokens_per_second\": 42.5}' ;; *) echo '{\"error\": \"unexpected\"}' ;; esac");
        try (PeerProcess peer = PeerProcess.start(echo)) {
            assertThat(peer.decode(8, 16, 128)).isEqualTo(42.5);
        }
    }

    @Test
    void anErrorOfTheDriverIsTold() {
        try (PeerProcess peer = PeerProcess.start(driver("{\"error\": \"out of memory\"}"))) {
            assertThatExceptionOfType(PeerException.class)
                    .isThrownBy(() -> peer.load(Path.of("model.gguf"), 2, 4096, 8))
                    .withMessageContaining("out of memory");
        }
    }

    @Test
    void anAnswerWithoutARateIsNotTakenForOne() {
        try (PeerProcess peer = PeerProcess.start(driver("{}"))) {
            assertThatExceptionOfType(PeerException.class).isThrownBy(() -> peer.prefill(512));
        }
    }

    @Test
    void somethingThatIsNoJsonIsTold() {
        try (PeerProcess peer = PeerProcess.start(driver("Traceback"))) {
            assertThatExceptionOfType(PeerException.class)
                    .isThrownBy(() -> peer.prefill(512))
                    .withMessageContaining("no JSON");
        }
    }

    @Test
    void aProcessThatEndsAndOneThatIsMissingAreTold() {
        try (PeerProcess peer = PeerProcess.start(List.of("sh", "-c", "read -r line; exit 3"))) {
            assertThatExceptionOfType(PeerException.class)
                    .isThrownBy(() -> peer.prefill(512))
                    .withMessageContaining("ended during prefill");
        }
        assertThatExceptionOfType(PeerException.class)
                .isThrownBy(() -> PeerProcess.start(List.of("/no/such/python")))
                .withMessageContaining("cannot be started");
    }
}
