package io.plumbline.platform.screening.rest;

import io.plumbline.compliance.screen.Audience;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.ScreeningPolicies;
import io.plumbline.platform.screening.ScreeningPolicy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Which rules the tenant has turned on for uploads and for models used without a deployment. */
@Path("/api/v1/screening-policy")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Screening")
public class ScreeningPolicyResource {
    private final ScreeningPolicies policies;
    private final CurrentCaller caller;

    @Inject
    ScreeningPolicyResource(ScreeningPolicies policies, CurrentCaller caller) {
        this.policies = policies;
        this.caller = caller;
    }

    @GET
    @RequiresScope(Scope.VERDICTS_READ)
    @Operation(operationId = "screeningPolicy", summary = "The packs and audience in force beside the global floor")
    public PolicyView get() {
        return view(policies.of(caller.get().tenant()));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.KEYS_WRITE)
    @Operation(operationId = "chooseScreeningPolicy", summary = "Turn packs on or off; the global floor always applies")
    public PolicyView choose(@Valid @NotNull PolicyView request) {
        ScreeningPolicy policy = policy(request);
        policies.choose(caller.get(), policy);
        return view(policy);
    }

    private static ScreeningPolicy policy(PolicyView request) {
        try {
            return new ScreeningPolicy(Set.copyOf(request.packs()), audience(request.audience()));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("packs", e.getMessage() == null ? "not a pack" : e.getMessage());
        }
    }

    private static Audience audience(String name) {
        return switch (name) {
            case "public" -> Audience.PUBLIC;
            case "professional" -> Audience.PROFESSIONAL;
            default -> throw new InvalidRequest("audience", "'audience' is public or professional.");
        };
    }

    private static PolicyView view(ScreeningPolicy policy) {
        return new PolicyView(
                policy.packs().stream().sorted().toList(),
                policy.audience().name().toLowerCase(Locale.ROOT));
    }

    /**
     * @param packs such as MED, CN, or a single rule PRI-005
     * @param audience {@code public} or {@code professional}
     */
    @Schema(name = "ScreeningPolicy")
    public record PolicyView(
            @NotNull List<String> packs, @NotNull String audience) {}
}
