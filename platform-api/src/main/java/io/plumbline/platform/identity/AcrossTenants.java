package io.plumbline.platform.identity;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A route for people who work for several tenants at once: it reads {@link CurrentReviewer} instead of
 * {@link CurrentCaller}, no tenant is bound to the request, and every access names its tenant. Goes with
 * {@link RequiresScope}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AcrossTenants {}
