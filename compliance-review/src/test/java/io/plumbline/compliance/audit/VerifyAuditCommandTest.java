package io.plumbline.compliance.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyAuditCommandTest {
    @TempDir
    Path folder;

    private final SampleLog log = SampleLog.of(2, 3);
    private Path file = Path.of("");
    private Path key = Path.of("");

    private record Result(int code, String out, String err) {}

    private static Result run(Object... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = VerifyAuditCommand.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                List.of(args).stream().map(Object::toString).toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("log.jsonl"), SampleLog.file(log.export()));
        key = Files.writeString(
                folder.resolve("key.pem"), log.key().verificationKey().pem());
    }

    @Test
    void anIntactLog() {
        Result result = run("--key", key, file);
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("intact", "log of hospital, entries 0 to 4 of 5, 2 tree head(s)", "tree head 2: 5 entries")
                .contains("signed by key " + log.key().verificationKey().id())
                .doesNotContain("came with the file");
        assertThat(run(file).out()).contains("The key came with the file", "--key");
    }

    @Test
    void aDamagedLogNamesThePlaceAndWhatToDo() throws IOException {
        String text = Files.readString(file);
        Files.writeString(file, text.replace("chatcmpl-3", "chatcmpl-4"));
        Result result = run("--key", key, file);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .contains("DAMAGED", "line 6, entry 3, entry: its bytes do not have the leaf hash beside it")
                .contains("the entries before tree head 1 (size 2) are as they were signed", "What to do:");
    }

    @Test
    void aKeptHeadIsComparedWith() throws IOException {
        Path kept = Files.writeString(
                folder.resolve("head.json"), log.heads.getFirst().json());
        assertThat(run("--head", kept, file).out()).contains("still begins as the tree head says");
        Files.writeString(kept, "{}");
        assertThat(run("--head", kept, file).err()).contains("is no tree head");
    }

    @Test
    void aProof() throws IOException {
        String json = log.proof(3, log.heads.getLast()).json();
        Path proof = Files.writeString(folder.resolve("proof.json"), json);
        Result result = run("--key", key, proof);
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("proved", "entry 3 is in the log of hospital", "target chatcmpl-3");
        // Formatting does not matter.
        Files.writeString(proof, json.replace(",", ",\n  "));
        assertThat(run("--key", key, proof).code()).isZero();

        Path other = Files.writeString(
                folder.resolve("other.pem"),
                SigningKey.generate().verificationKey().pem());
        assertThat(run("--key", other, proof).out()).contains("PROVES NOTHING", "none of those given with --key");
    }

    /** Unless it says the same in other words, such as an escape in capitals. */
    @Test
    void everyFlippedByteOfAProofIsFound() {
        EntryProof good = log.proof(3, log.heads.getLast());
        byte[] json = good.json().getBytes(StandardCharsets.UTF_8);
        assertThat(proved(json)).contains(good);
        for (int at = 0; at < json.length; at++) {
            for (int mask : new int[] {0x01, 0x20}) {
                byte[] flipped = json.clone();
                flipped[at] ^= (byte) mask;
                assertThat(proved(flipped).filter(proof -> !proof.equals(good)))
                        .as("byte %d ^ %d", at, mask)
                        .isEmpty();
            }
        }
    }

    private static Optional<EntryProof> proved(byte[] json) {
        try {
            return Optional.of(EntryProof.parse(json))
                    .filter(proof -> proof.problems().isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Test
    void wrongUsageIsExplained() throws IOException {
        assertThat(run().code()).isEqualTo(2);
        Result missing = run(folder.resolve("none.jsonl"));
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("no such file").doesNotContain("\tat ");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Result noKey = run("--key", empty, file);
        assertThat(noKey.code()).isEqualTo(2);
        assertThat(noKey.err()).contains("holds no public key");
    }

    @Test
    void keysOfTheApiAreReadToo() throws IOException {
        String pem = log.key().verificationKey().pem().replace("\n", "\\n");
        Path keys = Files.writeString(
                folder.resolve("keys.json"), "{\"object\":\"list\",\"data\":[{\"pem\":\"" + pem + "\"}]}");
        assertThat(run("--key", keys, file).code()).isZero();
    }

    @Test
    void aSigningKeySurvivesItsFile() {
        SigningKey read = SigningKey.ofPem(log.key().pem());
        assertThat(read.verificationKey()).isEqualTo(log.key().verificationKey());
        assertThat(read.toString()).doesNotContain("PRIVATE");
    }
}
