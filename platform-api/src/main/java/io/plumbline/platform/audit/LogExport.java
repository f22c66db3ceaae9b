package io.plumbline.platform.audit;

import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.audit.ExportHeader;
import io.plumbline.compliance.audit.ExportLine;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.platform.tenant.CurrentTenant;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A part of a log on its way to a file, page by page. What it holds was fixed when it was made: the log only grows, and the
 * last tree head of the file covers it.
 */
public final class LogExport {
    private static final int PAGE = 1000;

    private final ExportHeader header;
    private final String firstLine;
    private final AgroalDataSource app;
    private final CurrentTenant currentTenant;

    /** @param firstLine the header, signed */
    LogExport(ExportHeader header, String firstLine, AgroalDataSource app, CurrentTenant currentTenant) {
        this.header = header;
        this.firstLine = firstLine;
        this.app = app;
        this.currentTenant = currentTenant;
    }

    public ExportHeader header() {
        return header;
    }

    /** Such as {@code audit-hospital-0-41.jsonl}. */
    public String fileName() {
        return "audit-%s-%d-%d.jsonl"
                .formatted(
                        header.tenant(), header.range().from(), header.range().to() - 1);
    }

    /** Writes all of it; the stream stays open. If this throws, what was written is refused by the verifier as cut off. */
    public void writeTo(OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        currentTenant.<Boolean, IOException>callAs(header.tenant(), () -> {
            write(buffered, firstLine.getBytes(StandardCharsets.UTF_8));
            body(buffered);
            return true;
        });
        buffered.flush();
    }

    private void body(OutputStream out) throws IOException {
        ExportHeader.Range range = header.range();
        long entry = range.from();
        long number = range.firstHead();
        while (number <= range.lastHead()) {
            for (SignedTreeHead head : heads(number)) {
                if (number <= range.lastHead()) {
                    entry = entries(out, entry, Math.min(head.head().size(), range.to()));
                    write(out, new ExportLine.Head(head).line());
                    number++;
                }
            }
        }
    }

    private long entries(OutputStream out, long begin, long end) throws IOException {
        long at = begin;
        while (at < end) {
            List<StoredEntry> page = page(at, end);
            if (page.isEmpty()) {
                throw new AuditLogDamaged("entry %d is missing".formatted(at));
            }
            for (StoredEntry entry : page) {
                write(out, new ExportLine.Entry(entry.bytes(), entry.leafHash()).line());
            }
            at = page.getLast().index() + 1;
        }
        return at;
    }

    private List<StoredEntry> page(long begin, long end) {
        try (Connection connection = app.getConnection()) {
            return new StoredEntries(connection, header.tenant()).range(begin, end, PAGE);
        } catch (SQLException e) {
            throw new AuditLogUnreadable(e);
        }
    }

    private List<SignedTreeHead> heads(long number) {
        try (Connection connection = app.getConnection()) {
            List<SignedTreeHead> heads = new StoredHeads(connection, header.tenant()).from(number, PAGE);
            if (heads.isEmpty()) {
                throw new AuditLogDamaged("tree head %d is missing".formatted(number));
            }
            return heads;
        } catch (SQLException e) {
            throw new AuditLogUnreadable(e);
        }
    }

    private static void write(OutputStream out, byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
    }
}
