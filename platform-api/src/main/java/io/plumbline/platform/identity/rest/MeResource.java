package io.plumbline.platform.identity.rest;

import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.CurrentCaller;
import io.plumbline.platform.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who am I. */
@Path("/api/v1/me")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Identity")
public class MeResource {
    private final CurrentCaller caller;

    @Inject
    MeResource(CurrentCaller caller) {
        this.caller = caller;
    }

    @GET
    @AnyCaller
    @Operation(operationId = "me", summary = "The caller's tenant, name and scopes")
    public Me me() {
        Caller who = caller.get();
        return new Me(
                who.tenant().value(),
                who.subject(),
                who.scopes().stream().sorted().toList());
    }

    /**
     * @param tenant organisation alias
     * @param subject user name, or {@code api-key:ID}
     */
    public record Me(String tenant, String subject, List<Scope> scopes) {}
}
