package io.plumbline.compliance.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportVerifierTest {
    private static ExportVerifier.Report verify(List<String> lines) throws IOException {
        return verify(SampleLog.file(lines), ExportVerifier.Trust.FILE_ALONE);
    }

    private static ExportVerifier.Report verify(byte[] file, ExportVerifier.Trust trust) throws IOException {
        return new ExportVerifier(trust).verify(new ByteArrayInputStream(file));
    }

    private static ExportVerifier.Trust pinned(VerificationKey key) {
        return new ExportVerifier.Trust(List.of(key), Optional.empty());
    }

    private static ExportVerifier.Trust anchored(SignedTreeHead head) {
        return new ExportVerifier.Trust(List.of(), Optional.of(head));
    }

    @Test
    void anExportIsWhole() throws IOException {
        SampleLog log = SampleLog.of(3, 1, 4);
        ExportVerifier.Report report = verify(log.export());
        assertThat(report.damage()).isEmpty();
        assertThat(report.entries()).isEqualTo(8);
        assertThat(report.latest()).contains(log.heads.getLast());
    }

    /** Every byte, with several changes each; the damage is on the line of that byte. */
    @Test
    void everyFlippedByteIsFoundOnItsLine() throws IOException {
        List<String> lines = SampleLog.of(2, 1).export();
        byte[] file = SampleLog.file(lines);
        int line = 1;
        for (int at = 0; at < file.length; at++) {
            byte good = file[at];
            for (int mask : new int[] {0x01, 0x20}) {
                file[at] ^= (byte) mask;
                Optional<Damage> damage =
                        verify(file, ExportVerifier.Trust.FILE_ALONE).damage();
                assertThat(damage).as("byte %d ^ %d", at, mask).isPresent();
                assertThat(damage.get().line())
                        .as("byte %d ^ %d: %s", at, mask, damage.get())
                        .hasValue(line);
                file[at] = good;
            }
            line += good == '\n' ? 1 : 0;
        }
        assertThat(line).isEqualTo(lines.size() + 1);
        assertThat(verify(file, ExportVerifier.Trust.FILE_ALONE).damage()).isEmpty();
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] file = SampleLog.file(SampleLog.of(2, 1).export());
        for (int length = 0; length < file.length; length++) {
            ExportVerifier.Report report = verify(Arrays.copyOf(file, length), ExportVerifier.Trust.FILE_ALONE);
            assertThat(report.damage()).as("cut to %d bytes", length).isPresent();
        }
    }

    @Test
    void removedDoubledAndExchangedLinesAreFound() throws IOException {
        List<String> good = SampleLog.of(2, 2, 1).export();
        for (int i = 0; i < good.size(); i++) {
            List<String> removed = new ArrayList<>(good);
            removed.remove(i);
            assertThat(verify(removed).damage()).as("without line %d", i + 1).isPresent();
            // The line that stands where another should be, or the end, tells; a head is missed at the next head.
            assertThat(verify(removed).damage().orElseThrow().line().orElseThrow())
                    .isBetween(i + 0L, i + 3L);

            List<String> doubled = new ArrayList<>(good);
            doubled.add(i, good.get(i));
            assertThat(verify(doubled).damage().orElseThrow().line())
                    .as("line %d twice", i + 1)
                    .hasValue(i + 2);

            if (i > 0) {
                List<String> exchanged = new ArrayList<>(good);
                Collections.swap(exchanged, i - 1, i);
                // Where a head and the entry behind it change places, the entry is still the next; the head is not.
                assertThat(verify(exchanged).damage().orElseThrow().line().orElseThrow())
                        .as("lines %d and %d exchanged", i, i + 1)
                        .isBetween((long) i, i + 1L);
            }
        }
    }

    @Test
    void anEntryOfAnotherLogIsFound() throws IOException {
        List<String> lines = SampleLog.of(3).export();
        List<String> foreign = new ArrayList<>(lines);
        AuditEntry entry =
                new AuditEntry(1, SampleLog.of(1).entries.getFirst().time(), SampleLog.HOSPITAL, SampleLog.act(7));
        foreign.set(2, SampleLog.text(new ExportLine.Entry(entry.bytes(), entry.leafHash())));
        Damage damage = verify(foreign).damage().orElseThrow();
        assertThat(damage.part()).isEqualTo("tree_head");
        assertThat(damage.message()).contains("between the tree head at size 0 and this one at size 3");
    }

    /** Whoever has a key of their own can write a log that is whole; only knowing the key tells. */
    @Test
    void aForgedLogIsFoundByThePinnedKeyAlone() throws IOException {
        SampleLog log = SampleLog.of(3);
        SampleLog forged = SampleLog.of(3);
        byte[] file = SampleLog.file(forged.export());
        assertThat(verify(file, ExportVerifier.Trust.FILE_ALONE).damage()).isEmpty();
        Damage damage =
                verify(file, pinned(log.key().verificationKey())).damage().orElseThrow();
        assertThat(damage.line()).hasValue(1);
        assertThat(damage.message()).contains(forged.key().verificationKey().id());
        assertThat(verify(SampleLog.file(log.export()), pinned(log.key().verificationKey()))
                        .damage())
                .isEmpty();
    }

    /** Whoever has the log's own key can write it anew; only a head that was kept elsewhere tells. */
    @Test
    void aLogWrittenAnewIsFoundByAKeptHead() throws IOException {
        SampleLog log = SampleLog.of(2, 2);
        SignedTreeHead kept = log.heads.getFirst();
        assertThat(verify(SampleLog.file(log.export()), anchored(kept)).anchored())
                .isTrue();
        assertThat(verify(SampleLog.file(log.export(1, 3)), anchored(kept)).anchored())
                .isTrue();

        TreeHead other = new TreeHead(
                SampleLog.HOSPITAL,
                1,
                2,
                kept.head().time(),
                SampleLog.of(3).heads.getFirst().head().root());
        Damage anew = verify(SampleLog.file(log.export()), anchored(other.sign(log.key())))
                .damage()
                .orElseThrow();
        assertThat(anew.message()).contains("the log was written anew");
        assertThat(anew.line()).hasValue(3);

        TreeHead longer = new TreeHead(
                SampleLog.HOSPITAL, 3, 9, kept.head().time(), kept.head().root());
        assertThat(verify(SampleLog.file(log.export()), anchored(longer.sign(log.key())))
                        .damage()
                        .orElseThrow()
                        .message())
                .contains("covers 9 entries and this log has 4");
        assertThatThrownBy(() -> verify(SampleLog.file(log.export(3, 4)), anchored(kept)))
                .hasMessageContaining("export the log from its beginning");
    }

    @Test
    void everyPartOfALogCanBeVerified() throws IOException {
        SampleLog log = SampleLog.of(3, 1, 6, 5);
        int size = log.entries.size();
        for (int from = 0; from < size; from++) {
            for (int to = from + 1; to <= size; to++) {
                ExportVerifier.Report report = verify(log.export(from, to));
                assertThat(report.damage()).as("entries %d to %d", from, to).isEmpty();
                assertThat(report.entries()).isEqualTo(to - from);
            }
        }
        List<String> part = new ArrayList<>(log.export(4, 7));
        part.remove(2);
        assertThat(verify(part).damage()).isPresent();
    }

    @Test
    void aLogWithTwoKeysNeedsBoth() throws IOException {
        SampleLog log = SampleLog.of(2);
        VerificationKey first = log.key().verificationKey();
        log.changeKey();
        log.append(2);
        assertThat(verify(log.export()).damage()).isEmpty();
        assertThat(verify(SampleLog.file(log.export()), pinned(first)).damage()).isPresent();
        assertThat(verify(SampleLog.file(log.export()), new ExportVerifier.Trust(log.keys, Optional.empty()))
                        .damage())
                .isEmpty();
    }

    @Test
    void whatIsNoExportIsTold() throws IOException {
        assertThat(verify(List.of("{}")).damage().orElseThrow().place()).isEqualTo("line 1, header");
        assertThat(verify(new byte[0], ExportVerifier.Trust.FILE_ALONE)
                        .damage()
                        .orElseThrow()
                        .message())
                .contains("empty");
        assertThat(verify(new byte[2 << 20], ExportVerifier.Trust.FILE_ALONE)
                        .damage()
                        .orElseThrow()
                        .message())
                .contains("longer than any line");
    }

    @Test
    void theBytesOfAnEntryAreFixed() {
        AuditEntry entry = SampleLog.of(1).entries.getFirst();
        assertThat(new String(entry.bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"index\":0,\"time\":\"2026-11-22T04:05:06.789Z\",\"tenant\":\"hospital\","
                        + "\"type\":\"answer.released\",\"actor\":\"reviewer@plumbline.example\",\"target\":\"chatcmpl-0\","
                        + "\"facts\":{\"model\":\"smollm2\",\"note\":\"“批准”\\u000a\\\"quoted\\\" \\\\ tab\\u0009\"},"
                        + "\"digests\":{\"answer\":\"" + "ab".repeat(32) + "\"}}");
        assertThat(AuditEntry.parse(entry.bytes())).isEqualTo(entry);
        byte[] spaced = entry.json().replace(",\"type\"", ", \"type\"").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> AuditEntry.parse(spaced)).hasMessageContaining("canonical");
    }
}
