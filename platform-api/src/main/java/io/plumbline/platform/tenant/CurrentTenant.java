package io.plumbline.platform.tenant;

import io.plumbline.inference.TenantId;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ManagedContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.util.Optional;

/**
 * For which tenant the running code works: the caller's, or the one a background task {@linkplain #callAs chose}. Both
 * Hibernate's discriminator and PostgreSQL's row-level security follow it; with none, no row is visible.
 */
@ApplicationScoped
public class CurrentTenant {
    private static final ScopedValue<TenantId> CHOSEN = ScopedValue.newInstance();

    private final RequestTenant requestTenant;
    private final TransactionManager transactions;

    @Inject
    CurrentTenant(RequestTenant requestTenant, TransactionManager transactions) {
        this.requestTenant = requestTenant;
        this.transactions = transactions;
    }

    public Optional<TenantId> get() {
        if (CHOSEN.isBound()) {
            return Optional.of(CHOSEN.get());
        }
        if (!Arc.container().requestContext().isActive()) {
            return Optional.empty();
        }
        return requestTenant.get();
    }

    /** Binds the caller's tenant to the current HTTP request, once. */
    public void bindToRequest(TenantId tenant) {
        requestTenant.set(tenant);
    }

    /**
     * Runs work on behalf of a tenant outside its requests, in a request context of its own.
     *
     * @throws IllegalStateException inside a transaction, whose connection belongs to another tenant already
     */
    public <T, X extends Exception> T callAs(TenantId tenant, ScopedValue.CallableOp<T, X> work) throws X {
        refuseWithinTransaction();
        ManagedContext context = Arc.container().requestContext();
        var outer = context.getStateIfActive();
        if (outer != null) {
            context.deactivate();
        }
        context.activate();
        try {
            return ScopedValue.where(CHOSEN, tenant).call(work);
        } finally {
            context.terminate();
            if (outer != null) {
                context.activate(outer);
            }
        }
    }

    /** As {@link #callAs}, without a result. */
    public void runAs(TenantId tenant, Runnable work) {
        this.<Boolean, RuntimeException>callAs(tenant, () -> {
            work.run();
            return true;
        });
    }

    private void refuseWithinTransaction() {
        try {
            if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
                throw new IllegalStateException("the tenant cannot change within a transaction");
            }
        } catch (SystemException e) {
            throw new IllegalStateException("cannot read the state of the transaction", e);
        }
    }
}
