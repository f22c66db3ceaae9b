/** Routes for the caller's own identity and the tenant's API keys. */
@NullMarked
package io.plumbline.platform.identity.rest;

import org.jspecify.annotations.NullMarked;
