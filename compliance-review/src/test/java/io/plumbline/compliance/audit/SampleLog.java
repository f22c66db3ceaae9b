package io.plumbline.compliance.audit;

import io.plumbline.inference.TenantId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small log for tests, kept in memory: entries in batches, each under a head signed with the key of the moment. */
final class SampleLog {
    static final TenantId HOSPITAL = TenantId.of("hospital");

    private static final Instant BEGIN = Instant.parse("2026-11-22T04:05:06.789Z");

    final List<AuditEntry> entries = new ArrayList<>();
    final List<SignedTreeHead> heads = new ArrayList<>();
    final List<VerificationKey> keys = new ArrayList<>();
    final Map<NodeId, MerkleHash> nodes = new HashMap<>();
    private final TreeFrontier frontier = TreeFrontier.empty();
    private SigningKey key = SigningKey.generate();

    /** @param batches how many entries come under each head */
    static SampleLog of(int... batches) {
        SampleLog log = new SampleLog();
        for (int batch : batches) {
            log.append(batch);
        }
        return log;
    }

    private SampleLog() {
        keys.add(key.verificationKey());
    }

    void append(int count) {
        for (int i = 0; i < count; i++) {
            long index = frontier.size();
            AuditEntry entry = new AuditEntry(index, BEGIN.plusMillis(index), HOSPITAL, act(index));
            entries.add(entry);
            nodes.put(new NodeId(0, index), entry.leafHash());
            frontier.append(entry.leafHash()).forEach(subtree -> nodes.put(subtree.node(), subtree.hash()));
        }
        TreeHead head = new TreeHead(
                HOSPITAL, heads.size() + 1, frontier.size(), BEGIN.plusSeconds(heads.size()), frontier.root());
        heads.add(head.sign(key));
    }

    void changeKey() {
        key = SigningKey.generate();
        keys.add(key.verificationKey());
    }

    SigningKey key() {
        return key;
    }

    static AuditableAct act(long index) {
        return new AuditableAct(
                index % 2 == 0 ? "answer.released" : "case.decided",
                "reviewer@plumbline.example",
                "chatcmpl-" + index,
                Map.of("model", "smollm2", "note", "“批准”\n\"quoted\" \\ tab\t"),
                Map.of("answer", "ab".repeat(32)));
    }

    MerkleTree tree() {
        return new MerkleTree(wanted -> {
            Map<NodeId, MerkleHash> found = new HashMap<>(nodes);
            found.keySet().retainAll(wanted);
            return found;
        });
    }

    EntryProof proof(int index, SignedTreeHead head) {
        return new EntryProof(
                entries.get(index), tree().inclusion(index, head.head().size()), head, keys.getLast());
    }

    List<String> export() {
        return export(0, entries.size());
    }

    /** The lines of an export of the entries from {@code from} up to before {@code to}. */
    List<String> export(int from, int to) {
        List<SignedTreeHead> covered = new ArrayList<>();
        for (SignedTreeHead head : heads) {
            long before = covered.isEmpty() ? from : covered.getLast().head().size();
            if (head.head().size() > from && before < to) {
                covered.add(head);
            }
        }
        long size = covered.getLast().head().size();
        ExportHeader header = new ExportHeader(
                HOSPITAL,
                BEGIN.plusSeconds(60),
                new ExportHeader.Range(
                        from,
                        to,
                        size,
                        covered.getFirst().head().number(),
                        covered.getLast().head().number()),
                new ExportHeader.Outside(hashes(0, from), hashes(to, size)),
                keys);
        List<String> lines = new ArrayList<>(List.of(header.json(key)));
        int at = from;
        for (SignedTreeHead head : covered) {
            for (; at < Math.min(to, head.head().size()); at++) {
                AuditEntry entry = entries.get(at);
                lines.add(text(new ExportLine.Entry(entry.bytes(), entry.leafHash())));
            }
            lines.add(text(new ExportLine.Head(head)));
        }
        return lines;
    }

    private List<MerkleHash> hashes(long begin, long end) {
        return NodeId.covering(begin, end).stream()
                .map(node -> Objects.requireNonNull(nodes.get(node)))
                .toList();
    }

    static String text(ExportLine line) {
        return new String(line.line(), StandardCharsets.UTF_8);
    }

    static byte[] file(List<String> lines) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        lines.forEach(line -> file.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return file.toByteArray();
    }
}
