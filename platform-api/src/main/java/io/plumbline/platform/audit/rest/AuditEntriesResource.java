package io.plumbline.platform.audit.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.audit.AuditPage;
import io.plumbline.platform.audit.AuditQuery;
import io.plumbline.platform.audit.AuditTrail;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is in the tenant's audit log. */
@Path("/api/v1/audit/entries")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Audit")
public class AuditEntriesResource {
    private final AuditTrail trail;

    @Inject
    AuditEntriesResource(AuditTrail trail) {
        this.trail = trail;
    }

    @GET
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(
            operationId = "auditEntries",
            summary = "Entries of the audit log, newest first",
            description =
                    "type: such as answer.held, or answer for all of them. from (included) and to (excluded): times"
                            + " such as 2026-11-22T00:00:00Z. after: index of the last entry of the page before.")
    public EntryList search(
            @QueryParam("type") @Nullable String type,
            @QueryParam("actor") @Nullable String actor,
            @QueryParam("target") @Nullable String target,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") String limit) {
        AuditQuery query = new AuditQuery(
                Optional.ofNullable(type),
                Optional.ofNullable(actor),
                Optional.ofNullable(target),
                time("from", from),
                time("to", to),
                Numbers.optional("after", after),
                Numbers.limit(limit, AuditQuery.MAX_LIMIT));
        AuditPage page = trail.search(query);
        return new EntryList("list", page.entries().stream().map(EntryView::of).toList(), page.more());
    }

    @GET
    @Path("{index}")
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(operationId = "auditEntry", summary = "One entry")
    public EntryView entry(@PathParam("index") String index) {
        return EntryView.of(trail.entry(Numbers.index(index)));
    }

    @GET
    @Path("{index}/proof")
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(
            operationId = "auditEntryProof",
            summary = "Proof that the entry is in the log: the entry, its path, a signed tree head",
            description =
                    "./plumbline verify-audit checks it offline. tree_size: that of a tree head; default: the latest.")
    public String proof(@PathParam("index") String index, @QueryParam("tree_size") @Nullable String treeSize) {
        OptionalLong size = Numbers.optional("tree_size", treeSize);
        return trail.proof(Numbers.index(index), size).json();
    }

    private static Optional<Instant> time(String param, @Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException e) {
            throw new InvalidRequest(param, "'%s' is not a time such as 2026-11-22T00:00:00Z.".formatted(text));
        }
    }

    /**
     * @param data newest first
     * @param hasMore whether another page follows
     */
    @Schema(name = "AuditEntryList")
    public record EntryList(
            String object,
            List<EntryView> data,
            @JsonProperty("has_more") boolean hasMore) {}
}
