package io.plumbline.compliance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * One line of a tenant's log. It has exactly one form in bytes, {@link #bytes}; those are stored, hashed and exported:
 *
 * <pre>{"index":7,"time":"2026-11-22T04:05:06.789Z","tenant":"hospital","type":"answer.released","actor":"…","target":"…",
 * "facts":{…},"digests":{…}}</pre>
 *
 * (one line, without white space; members of {@code facts} and {@code digests} sorted by name).
 *
 * @param index place in the log, from 0
 * @param time when it happened, to the millisecond
 * @param tenant whose log it is
 * @param act what happened
 */
public record AuditEntry(long index, Instant time, TenantId tenant, AuditableAct act) {
    private static final List<String> MEMBERS =
            List.of("index", "time", "tenant", "type", "actor", "target", "facts", "digests");

    public AuditEntry {
        if (index < 0) {
            throw new IllegalArgumentException("indexes begin at 0");
        }
        time = LogTime.exact(time);
    }

    /** The canonical form, UTF-8. */
    public byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    /** The hash of this entry as a leaf of the tree. */
    public MerkleHash leafHash() {
        return MerkleHash.leaf(bytes());
    }

    String json() {
        return new CanonicalJson()
                .number("index", index)
                .string("time", LogTime.text(time))
                .string("tenant", tenant.value())
                .string("type", act.type())
                .string("actor", act.actor())
                .string("target", act.target())
                .strings("facts", new TreeMap<>(act.facts()))
                .strings("digests", new TreeMap<>(act.digests()))
                .text();
    }

    /**
     * Reads the canonical form.
     *
     * @throws IllegalArgumentException if the bytes are no entry, or not its canonical form
     */
    public static AuditEntry parse(byte[] bytes) {
        AuditEntry entry = of(JsonMembers.parse(bytes));
        if (!Arrays.equals(entry.bytes(), bytes)) {
            throw new IllegalArgumentException("an entry that is not in its canonical form");
        }
        return entry;
    }

    /** Reads an entry whatever its white space and order. */
    static AuditEntry of(JsonNode json) {
        JsonMembers members = JsonMembers.of(json, MEMBERS);
        return new AuditEntry(
                members.number("index"),
                members.time("time"),
                TenantId.of(members.string("tenant")),
                new AuditableAct(
                        members.string("type"),
                        members.string("actor"),
                        members.string("target"),
                        members.strings("facts"),
                        members.strings("digests")));
    }
}
