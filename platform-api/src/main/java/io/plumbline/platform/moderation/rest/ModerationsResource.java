package io.plumbline.platform.moderation.rest;

import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.moderation.ModerationOrder;
import io.plumbline.platform.moderation.Moderations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** OpenAI's moderations. */
@Path("/v1/moderations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Screening")
public class ModerationsResource {
    private static final String ACTIVE = "plumbline-rules";

    private final Moderations moderations;
    private final CurrentCaller caller;

    @Inject
    ModerationsResource(Moderations moderations, CurrentCaller caller) {
        this.moderations = moderations;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.INFERENCE)
    @Operation(
            operationId = "createModeration",
            summary = "Judge texts by the tenant's rules",
            description =
                    "The rules of the tenant's screening policy. A rule fires or it does not: scores come from severities and"
                            + " are no probabilities. The verdicts are kept under the answer's id, without text.")
    public ModerationAnswer create(@NotNull ModerationRequest request) {
        ModerationOrder order = ModerationRequestReader.read(request);
        String model = Objects.requireNonNullElse(request.model(), ACTIVE);
        return ModerationAnswer.of(moderations.moderate(caller.get(), model, order));
    }
}
