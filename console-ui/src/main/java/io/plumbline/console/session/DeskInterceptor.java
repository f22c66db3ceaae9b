package io.plumbline.console.session;

import io.plumbline.platform.identity.AcrossTenants;
import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.lang.reflect.Method;

/** Guards the {@link Desk}s, whatever view calls them and whatever that view has checked itself. */
@Desk
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE)
class DeskInterceptor {
    private final ConsoleSession session;
    private final CurrentTenant currentTenant;

    @Inject
    DeskInterceptor(ConsoleSession session, CurrentTenant currentTenant) {
        this.session = session;
        this.currentTenant = currentTenant;
    }

    @AroundInvoke
    Object guard(InvocationContext call) throws Exception {
        Method method = call.getMethod();
        RequiresScope required = method.getAnnotation(RequiresScope.class);
        if (required != null) {
            session.person().require(required.value());
        } else if (!method.isAnnotationPresent(AnyCaller.class)) {
            throw new IllegalStateException(method + " says neither @RequiresScope nor @AnyCaller");
        }
        if (method.isAnnotationPresent(AcrossTenants.class)) {
            return call.proceed();
        }
        return currentTenant.callAs(session.tenant(), call::proceed);
    }
}
