/** The accounts of a tenant's people: who belongs to the organisation and what they may do; kept by Keycloak. */
@NullMarked
package io.plumbline.platform.members;

import org.jspecify.annotations.NullMarked;
