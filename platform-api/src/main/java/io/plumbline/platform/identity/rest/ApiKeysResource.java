package io.plumbline.platform.identity.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.ApiKey;
import io.plumbline.platform.identity.ApiKeys;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** API keys of the caller's tenant. */
@Path("/api/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Identity")
public class ApiKeysResource {
    private final ApiKeys keys;
    private final CurrentCaller caller;

    @Inject
    ApiKeysResource(ApiKeys keys, CurrentCaller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.KEYS_WRITE)
    @Operation(operationId = "createApiKey", summary = "Create a key; its secret is in this answer and nowhere else")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = CreatedKey.class)))
    public Response create(@Valid @NotNull NewKey request) {
        Optional<Duration> lifetime =
                Optional.ofNullable(request.expiresInDays()).map(Duration::ofDays);
        ApiKey.Created created = keys.create(caller.get(), request.name(), scopes(request.scopes()), lifetime);
        return Response.status(Response.Status.CREATED)
                .entity(new CreatedKey(KeyView.of(created.key()), created.secret()))
                .build();
    }

    @GET
    @RequiresScope(Scope.KEYS_WRITE)
    @Operation(operationId = "listApiKeys", summary = "The tenant's keys, newest first, without their secrets")
    public KeyList list() {
        return new KeyList("list", keys.list().stream().map(KeyView::of).toList());
    }

    @DELETE
    @Path("{id}")
    @RequiresScope(Scope.KEYS_WRITE)
    @Operation(operationId = "revokeApiKey", summary = "Revoke a key, at once and for good")
    @APIResponse(responseCode = "204", description = "Revoked")
    public void revoke(@PathParam("id") String id) {
        keys.revoke(caller.get(), id);
    }

    private static Set<Scope> scopes(List<String> names) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names) {
            scopes.add(Scope.of(name).orElseThrow(() -> unknown(name)));
        }
        return scopes;
    }

    private static InvalidRequest unknown(String name) {
        String known = Stream.of(Scope.values()).map(Scope::wireName).collect(Collectors.joining(", "));
        return new InvalidRequest("scopes", "'%s' is not a scope; there are: %s.".formatted(name, known));
    }

    /**
     * @param name what people call the key
     * @param scopes what it may do; at most what its maker may
     * @param expiresInDays null = never
     */
    @Schema(name = "NewApiKey")
    public record NewKey(
            @NotBlank @Size(max = 100) String name,
            @NotEmpty List<String> scopes,

            @JsonProperty("expires_in_days") @Min(1) @Max(3650) @Nullable
            Integer expiresInDays) {}

    /** @param data newest first */
    @Schema(name = "ApiKeyList")
    public record KeyList(String object, List<KeyView> data) {}
}
