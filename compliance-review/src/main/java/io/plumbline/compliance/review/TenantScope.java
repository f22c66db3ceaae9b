package io.plumbline.compliance.review;

import io.plumbline.inference.TenantId;
import java.util.function.Supplier;

/** Lets background work act as one tenant, bound by the same row-level security as that tenant's requests. */
public interface TenantScope {
    /** Runs work as the tenant, outside any transaction. */
    <T> T callAs(TenantId tenant, Supplier<T> work);
}
