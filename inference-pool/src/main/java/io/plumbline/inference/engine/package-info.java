/** The step loop: one thread per loaded model that turns requests into tokens. */
@NullMarked
package io.plumbline.inference.engine;

import org.jspecify.annotations.NullMarked;
