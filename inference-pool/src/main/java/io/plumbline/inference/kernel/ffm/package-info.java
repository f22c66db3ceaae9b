/** The only place that links native symbols: one class per library, every return code checked on the next line. */
@NullMarked
package io.plumbline.inference.kernel.ffm;

import org.jspecify.annotations.NullMarked;
