/** The Ascend provider: looks for the vendor runtime and says what is missing. */
@NullMarked
package io.plumbline.ascend;

import org.jspecify.annotations.NullMarked;
