package io.plumbline.platform.deployment.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.compliance.screen.Audience;
import io.plumbline.platform.deployment.DeploymentOrder;
import io.plumbline.platform.deployment.Deployments;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.ScreeningPolicies;
import io.plumbline.platform.screening.ScreeningPolicy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Which models of the tenant answer, and under which rules. */
@Path("/api/v1/deployments")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Deployments")
public class DeploymentsResource {
    private static final int MAX_TEMPLATE = 64 * 1024;

    private final Deployments deployments;
    private final ScreeningPolicies policies;
    private final CurrentCaller caller;

    @Inject
    DeploymentsResource(Deployments deployments, ScreeningPolicies policies, CurrentCaller caller) {
        this.deployments = deployments;
        this.policies = policies;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.DEPLOYMENTS_WRITE)
    @Operation(
            operationId = "createDeployment",
            summary = "Put a model into service, without a restart",
            description = "Answers 201 for a new deployment and 200 where the model is live under the same settings."
                    + " Other settings replace those before without a gap.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = DeploymentView.class)))
    public Response create(@Valid @NotNull NewDeployment body) {
        Deployments.Outcome outcome = deployments.deploy(caller.get(), order(caller.get(), body));
        return Response.status(outcome.created() ? Response.Status.CREATED : Response.Status.OK)
                .entity(DeploymentView.of(outcome.deployment()))
                .build();
    }

    @GET
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    @Operation(operationId = "listDeployments", summary = "The tenant's deployments, newest first")
    public DeploymentList list() {
        return new DeploymentList(
                "list", deployments.list().stream().map(DeploymentView::of).toList());
    }

    @GET
    @Path("{id}")
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    @Operation(operationId = "getDeployment", summary = "One deployment")
    public DeploymentView get(@PathParam("id") String id) {
        return DeploymentView.of(deployments.get(id));
    }

    @DELETE
    @Path("{id}")
    @RequiresScope(Scope.DEPLOYMENTS_WRITE)
    @Operation(operationId = "retireDeployment", summary = "Take a deployment out of service")
    public DeploymentView retire(@PathParam("id") String id) {
        return DeploymentView.of(deployments.retire(caller.get(), id));
    }

    private DeploymentOrder order(Caller who, NewDeployment body) {
        ScreeningPolicy ofTenant = policies.of(who.tenant());
        Audience audience = body.audience() == null ? ofTenant.audience() : audience(body.audience());
        Set<String> packs = body.packs() == null ? ofTenant.packs() : Set.copyOf(body.packs());
        return new DeploymentOrder(body.model(), policy(packs, audience), template(body.chatTemplate()));
    }

    private static ScreeningPolicy policy(Set<String> packs, Audience audience) {
        try {
            return new ScreeningPolicy(packs, audience);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("packs", String.valueOf(e.getMessage()));
        }
    }

    private static Audience audience(String name) {
        return Arrays.stream(Audience.values())
                .filter(a -> a.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidRequest(
                        "audience", "'audience' is public or professional, not '%s'.".formatted(name)));
    }

    private static Optional<String> template(@Nullable String template) {
        if (template != null && (template.isBlank() || template.length() > MAX_TEMPLATE)) {
            throw new InvalidRequest(
                    "chat_template",
                    "'chat_template' is a Jinja template of 1 to %d characters.".formatted(MAX_TEMPLATE));
        }
        return Optional.ofNullable(template);
    }

    /**
     * @param model {@code ft:…} of a job that succeeded, or a base model id
     * @param audience public or professional; the tenant's own choice unless given
     * @param packs rules beside the global floor; the tenant's own choice unless given
     * @param chatTemplate Jinja source; needed for base models that bring none
     */
    @Schema(name = "NewDeployment")
    public record NewDeployment(
            @NotBlank String model,
            @Nullable String audience,
            @Nullable List<String> packs,

            @JsonProperty("chat_template") @Nullable String chatTemplate) {}

    /** @param data newest first */
    @Schema(name = "DeploymentList")
    public record DeploymentList(String object, List<DeploymentView> data) {}
}
