/** Ids of stored objects. */
@NullMarked
package io.plumbline.platform.id;

import org.jspecify.annotations.NullMarked;
