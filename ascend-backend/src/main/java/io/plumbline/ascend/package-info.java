/** The Ascend provider: looks at the machine and says what is missing, or opens the device. */
@NullMarked
package io.plumbline.ascend;

import org.jspecify.annotations.NullMarked;
