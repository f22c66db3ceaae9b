package io.plumbline.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.compliance.audit.SigningKey;
import io.plumbline.compliance.audit.VerificationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyFileTest {
    @TempDir
    Path folder;

    @Test
    void theFirstStartMakesAKeyThatOnlyItsOwnerReads() throws IOException {
        Path file = folder.resolve("audit").resolve("signing-key.pem");
        SigningKey made = new SigningKeyFile(file).open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(new SigningKeyFile(file).open().verificationKey()).isEqualTo(made.verificationKey());
        assertThat(VerificationKey.ofPem(Files.readString(file.resolveSibling("public-key.pem"))))
                .containsExactly(made.verificationKey());
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("signing-key.pem", "public-key.pem");
        }
    }

    @Test
    void processesThatStartTogetherUseOneKey() throws Exception {
        Path file = folder.resolve("signing-key.pem");
        Callable<VerificationKey> open = () -> new SigningKeyFile(file).open().verificationKey();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<VerificationKey>> keys = threads.invokeAll(List.of(open, open, open, open));
            for (Future<VerificationKey> key : keys) {
                assertThat(key.get()).isEqualTo(keys.getFirst().get());
            }
        }
    }

    @Test
    void aFileThatIsNoKeyIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("signing-key.pem"), "nonsense");
        assertThatThrownBy(() -> new SigningKeyFile(file).open())
                .hasMessageContaining(file.toString())
                .hasMessageContaining("PRIVATE KEY");
        assertThat(Files.readString(file)).isEqualTo("nonsense");
        String pem = SigningKey.generate().pem();
        String other = SigningKey.generate().verificationKey().pem();
        Files.writeString(file, pem.substring(0, pem.indexOf("-----BEGIN PUBLIC")) + other);
        assertThatThrownBy(() -> new SigningKeyFile(file).open()).hasMessageContaining("not that of the PRIVATE KEY");
    }
}
