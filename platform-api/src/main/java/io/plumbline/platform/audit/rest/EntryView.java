package io.plumbline.platform.audit.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.compliance.audit.AuditEntry;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An entry to read. The exact bytes that were hashed are in its proof and in the export.
 *
 * @param index place in the log, from 0
 * @param time when it happened, such as {@code 2026-11-22T04:05:06.789Z}
 * @param leafHash SHA-256 of a zero byte and the canonical entry, hexadecimal
 */
@Schema(name = "AuditEntry")
public record EntryView(
        long index,
        String time,
        String tenant,
        String type,
        String actor,
        String target,
        SortedMap<String, String> facts,
        SortedMap<String, String> digests,
        @JsonProperty("leaf_hash") String leafHash) {

    static EntryView of(AuditEntry entry) {
        return new EntryView(
                entry.index(),
                entry.time().toString(),
                entry.tenant().value(),
                entry.act().type(),
                entry.act().actor(),
                entry.act().target(),
                new TreeMap<>(entry.act().facts()),
                new TreeMap<>(entry.act().digests()),
                entry.leafHash().hex());
    }
}
