package io.plumbline.platform.catalogue.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.catalogue.ListedModel;
import io.plumbline.platform.catalogue.ModelRoutes;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** OpenAI's models API: base models and the tenant's own. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Models")
public class ModelsResource {
    private final ModelRoutes routes;
    private final CurrentCaller caller;

    @Inject
    ModelsResource(ModelRoutes routes, CurrentCaller caller) {
        this.routes = routes;
        this.caller = caller;
    }

    @GET
    @RequiresScope(Scope.MODELS_READ)
    @Operation(operationId = "listModels", summary = "Every model name the tenant can use")
    public ModelList list() {
        return new ModelList(
                "list",
                routes.models(caller.get().tenant()).stream().map(ModelView::of).toList());
    }

    /** Names may hold slashes, as in {@code org/model}. */
    @GET
    @Path("{id:.+}")
    @RequiresScope(Scope.MODELS_READ)
    @Operation(operationId = "getModel", summary = "One model")
    public ModelView get(@PathParam("id") String id) {
        return ModelView.of(routes.model(caller.get().tenant(), id));
    }

    @Schema(name = "ModelList")
    public record ModelList(String object, List<ModelView> data) {}

    /**
     * @param created Unix seconds
     * @param ownedBy the tenant, or plumbline for base models
     * @param plumbline what OpenAI's object has no field for
     */
    @Schema(name = "Model")
    public record ModelView(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy,
            Extension plumbline) {
        static ModelView of(ListedModel model) {
            return new ModelView(
                    model.id(),
                    "model",
                    model.created().getEpochSecond(),
                    model.ownedBy(),
                    new Extension(model.task().wireName(), model.targetModules()));
        }
    }

    /**
     * @param task chat or embedding
     * @param targetModules what {@code plumbline.target_modules} of a fine-tuning job may name; empty = this model cannot
     *     be fine-tuned here
     */
    @Schema(name = "ModelExtension")
    public record Extension(
            String task, @JsonProperty("target_modules") List<String> targetModules) {}
}
