/** Engines as a pool: what a caller asks for and what it gets back, whichever engine answers. */
@NullMarked
package io.plumbline.inference.pool;

import org.jspecify.annotations.NullMarked;
