package io.plumbline.platform.deployment.rest;

import io.plumbline.platform.deployment.Deployments;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** OpenAI's route for deleting a fine-tuned model. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Models")
public class FineTunedModelsResource {
    private final Deployments deployments;
    private final CurrentCaller caller;

    @Inject
    FineTunedModelsResource(Deployments deployments, CurrentCaller caller) {
        this.deployments = deployments;
        this.caller = caller;
    }

    @DELETE
    @Path("{id:.+}")
    @RequiresScope(Scope.DEPLOYMENTS_WRITE)
    @Operation(
            operationId = "deleteModel",
            summary = "Delete a fine-tuned model: its deployments are retired and its adapter is removed")
    public DeletedModel delete(@PathParam("id") String model) {
        deployments.deleteModel(caller.get(), model);
        return new DeletedModel(model, "model", true);
    }

    @Schema(name = "DeletedModel")
    public record DeletedModel(String id, String object, boolean deleted) {}
}
