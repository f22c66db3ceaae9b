package io.plumbline.platform.catalogue;

import io.plumbline.inference.TenantId;
import java.util.List;
import java.util.Optional;

/** Knows some of the model names of a tenant. Every CDI bean of this type is asked, deployments before base models. */
public interface ModelRouteSource {
    /** The names this source knows, for the list. */
    List<ModelRoute> routes(TenantId tenant);

    /** The route of a name, if this source knows it; of another tenant's name it knows nothing. */
    Optional<ModelRoute> route(TenantId tenant, String name);

    /** Smaller comes first where two sources know a name. */
    default int precedence() {
        return 0;
    }
}
