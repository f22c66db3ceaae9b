/** Which models a tenant can name, and what each name leads to. */
@NullMarked
package io.plumbline.platform.catalogue;

import org.jspecify.annotations.NullMarked;
