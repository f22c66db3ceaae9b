/** Who calls, for which tenant, with which scopes: Keycloak tokens and tenant API keys. */
@NullMarked
package io.plumbline.platform.identity;

import org.jspecify.annotations.NullMarked;
