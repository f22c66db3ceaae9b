package io.plumbline.console.session;

import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bean through which views reach the platform's services: what a resource is for REST. Each public method carries
 * {@link io.plumbline.platform.identity.RequiresScope} or {@link io.plumbline.platform.identity.AnyCaller}; it is refused
 * unless the signed-in person has the scope, and it runs for the tenant that the person works for (or, with
 * {@link io.plumbline.platform.identity.AcrossTenants}, for none).
 */
@Documented
@Inherited
@InterceptorBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Desk {}
