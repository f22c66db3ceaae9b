package io.plumbline.platform.audit.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.platform.audit.AuditTrail;
import io.plumbline.platform.audit.HeadConsistency;
import io.plumbline.platform.audit.LogExport;
import io.plumbline.platform.audit.PublishedKey;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What proves that the tenant's audit log was not changed: tree heads, consistency, keys, the whole log as a file. */
@Path("/api/v1/audit")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Audit")
public class AuditLogResource {
    private static final String JSON_LINES = "application/jsonl";
    private static final int MAX_HEADS = 1000;

    private final AuditTrail trail;
    private final CurrentCaller caller;

    @Inject
    AuditLogResource(AuditTrail trail, CurrentCaller caller) {
        this.trail = trail;
        this.caller = caller;
    }

    @GET
    @Path("tree-head")
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(
            operationId = "auditTreeHead",
            summary = "The latest signed tree head",
            description = "Whoever keeps it elsewhere can find out later that the log was cut or written anew:"
                    + " ./plumbline verify-audit FILE --head HEAD.")
    public String treeHead() {
        return trail.latestHead().json();
    }

    @GET
    @Path("tree-heads")
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(
            operationId = "auditTreeHeads",
            summary = "Signed tree heads, newest first",
            description = "after: number of the last tree head of the page before.")
    public HeadList treeHeads(
            @QueryParam("after") @Nullable String after, @QueryParam("limit") @DefaultValue("100") String limit) {
        int most = Numbers.limit(limit, MAX_HEADS);
        List<SignedTreeHead> found = trail.treeHeads(Numbers.optional("after", after), most + 1);
        boolean more = found.size() > most;
        return new HeadList(
                "list",
                found.subList(0, more ? most : found.size()).stream()
                        .map(Head::new)
                        .toList(),
                more);
    }

    @GET
    @Path("consistency")
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(
            operationId = "auditConsistency",
            summary = "Proof that the log of a later tree head begins with that of an earlier one (RFC 6962, 2.1.2)",
            description = "first, second: sizes of two tree heads; second defaults to the latest.")
    public Consistency consistency(
            @QueryParam("first") @Nullable String first, @QueryParam("second") @Nullable String second) {
        HeadConsistency found = trail.consistency(Numbers.required("first", first), Numbers.optional("second", second));
        return new Consistency(
                found.first().json(),
                found.second().json(),
                found.proof().path().stream().map(MerkleHash::hex).toList());
    }

    @GET
    @Path("keys")
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(operationId = "auditKeys", summary = "Public keys that sign the log, oldest first")
    public KeyList keys() {
        return new KeyList("list", trail.keys().stream().map(Key::of).toList());
    }

    @GET
    @Path("export")
    @Produces(JSON_LINES)
    @RequiresScope(Scope.AUDIT_READ)
    @Operation(
            operationId = "exportAuditLog",
            summary = "The log, or a part of it, as a file that can be verified offline",
            description = "from: index of the first entry; to: index behind the last; default: the whole log up to the"
                    + " latest tree head. Verify it with ./plumbline verify-audit FILE.")
    @APIResponse(responseCode = "200", content = @Content(mediaType = JSON_LINES))
    public Response export(@QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        LogExport export = trail.export(caller.get(), Numbers.optional("from", from), Numbers.optional("to", to));
        StreamingOutput file = export::writeTo;
        return Response.ok(file)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(export.fileName()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** A tree head in its one form. */
    @Schema(name = "AuditTreeHead", implementation = Object.class)
    public record Head(
            @com.fasterxml.jackson.annotation.JsonValue @JsonRawValue
            String json) {
        Head(SignedTreeHead head) {
            this(head.json());
        }
    }

    /** @param data newest first */
    @Schema(name = "AuditTreeHeadList")
    public record HeadList(
            String object,
            List<Head> data,
            @JsonProperty("has_more") boolean hasMore) {}

    /** @param path hashes, hexadecimal */
    @Schema(name = "AuditConsistency")
    public record Consistency(
            @JsonRawValue @Schema(type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.OBJECT)
            String first,

            @JsonRawValue @Schema(type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.OBJECT)
            String second,

            List<String> path) {}

    /**
     * @param id SHA-256 of the key (X.509 SubjectPublicKeyInfo), hexadecimal
     * @param since when it first signed
     * @param pem as {@code --key} of verify-audit and openssl read it
     */
    @Schema(name = "AuditKey")
    public record Key(String id, String since, String pem) {
        static Key of(PublishedKey published) {
            return new Key(
                    published.key().id(),
                    published.since().toString(),
                    published.key().pem());
        }
    }

    @Schema(name = "AuditKeyList")
    public record KeyList(String object, List<Key> data) {}
}
