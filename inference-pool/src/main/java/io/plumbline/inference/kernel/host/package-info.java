/** Memory of backends that compute on the host: native allocations with one owner. */
@NullMarked
package io.plumbline.inference.kernel.host;

import org.jspecify.annotations.NullMarked;
