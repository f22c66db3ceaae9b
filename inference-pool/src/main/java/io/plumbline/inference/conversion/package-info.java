/** Model files made from model files: {@code ./plumbline quantize}. */
@NullMarked
package io.plumbline.inference.conversion;

import org.jspecify.annotations.NullMarked;
