/** The kernel contract: backends, buffers and operations, forward and backward. No implementation lives here. */
@NullMarked
package io.plumbline.inference.kernel;

import org.jspecify.annotations.NullMarked;
