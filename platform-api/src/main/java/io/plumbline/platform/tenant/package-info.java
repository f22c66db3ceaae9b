/** Whose data a piece of work may see, enforced by Hibernate and again by PostgreSQL. */
@NullMarked
package io.plumbline.platform.tenant;

import org.jspecify.annotations.NullMarked;
