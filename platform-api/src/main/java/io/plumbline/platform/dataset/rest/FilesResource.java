package io.plumbline.platform.dataset.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.dataset.Purpose;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.dataset.TrainingFiles;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.multipart.MultipartFormDataInput;
import org.jspecify.annotations.Nullable;

/** OpenAI's files API, for training data. */
@Path("/v1/files")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Files")
public class FilesResource {
    private static final int MOST = 10_000;

    private final TrainingFiles files;
    private final CurrentCaller caller;

    @Inject
    FilesResource(TrainingFiles files, CurrentCaller caller) {
        this.files = files;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @RequiresScope(Scope.FILES_WRITE)
    @Operation(
            operationId = "uploadFile",
            summary = "Upload training data: UTF-8 JSON Lines, one chat a line",
            description =
                    "Every line is checked and screened before anything is stored; a refusal lists line, field and"
                            + " reason of each problem. 'metadata[NAME]' fields are what rules for training data look at.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA,
                            schema = @Schema(implementation = UploadSchema.class)))
    public FileView upload(MultipartFormDataInput form) {
        return FileView.of(files.upload(caller.get(), UploadForm.read(form)));
    }

    @GET
    @RequiresScope(Scope.FILES_READ)
    @Operation(operationId = "listFiles", summary = "Files, newest first unless order=asc")
    public FileList list(
            @QueryParam("purpose") @Nullable String purpose,
            @QueryParam("limit") @DefaultValue("10000") int limit,
            @QueryParam("order") @DefaultValue("desc") String order,
            @QueryParam("after") @Nullable String after) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidRequest("limit", "'limit' is 1 to %d, not %d.".formatted(MOST, limit));
        }
        if (!order.equals("asc") && !order.equals("desc")) {
            throw new InvalidRequest("order", "'order' is asc or desc, not '%s'.".formatted(order));
        }
        if (purpose != null && Purpose.of(purpose).isEmpty()) {
            return FileList.of(List.of(), false);
        }
        List<TrainingFile> page = files.page(Optional.ofNullable(after), order.equals("desc"), limit + 1);
        boolean more = page.size() > limit;
        return FileList.of(
                (more ? page.subList(0, limit) : page)
                        .stream().map(FileView::of).toList(),
                more);
    }

    @GET
    @Path("{id}")
    @RequiresScope(Scope.FILES_READ)
    @Operation(operationId = "getFile", summary = "One file")
    public FileView get(@PathParam("id") String id) {
        return FileView.of(files.get(id));
    }

    @GET
    @Path("{id}/content")
    @Produces(MediaType.WILDCARD) // clients ask for application/binary, octet-stream or anything
    @RequiresScope(Scope.FILES_READ)
    @Operation(operationId = "getFileContent", summary = "The bytes of a file, exactly as uploaded")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.APPLICATION_OCTET_STREAM))
    public Response content(@PathParam("id") String id) {
        return Response.ok(files.content(caller.get(), id), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment")
                .build();
    }

    @DELETE
    @Path("{id}")
    @RequiresScope(Scope.FILES_WRITE)
    @Operation(
            operationId = "deleteFile",
            summary = "Delete a file and, if no other file has the same bytes, its content")
    public Deleted delete(@PathParam("id") String id) {
        files.delete(caller.get(), id);
        return new Deleted(id, "file", true);
    }

    /** The form, for the OpenAPI document. */
    @Schema(
            name = "FileUpload",
            requiredProperties = {"file", "purpose"})
    public record UploadSchema(
            @Schema(format = "binary") String file,
            @Schema(examples = "fine-tune") String purpose) {}

    /** @param hasMore whether {@code after} of the last one shows further ones */
    @Schema(name = "FileList")
    public record FileList(
            String object,
            List<FileView> data,
            @JsonProperty("first_id") @Nullable String firstId,
            @JsonProperty("last_id") @Nullable String lastId,
            @JsonProperty("has_more") boolean hasMore) {
        static FileList of(List<FileView> data, boolean more) {
            return new FileList(
                    "list",
                    data,
                    data.isEmpty() ? null : data.getFirst().id(),
                    data.isEmpty() ? null : data.getLast().id(),
                    more);
        }
    }

    @Schema(name = "FileDeleted")
    public record Deleted(String id, String object, boolean deleted) {}
}
