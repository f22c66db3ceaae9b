/**
 * Steers the stand-in for the Ascend runtime, a C library under {@code src/test/c} that checks how the binding uses the
 * interface. It proves calls, ownership and threads; it proves nothing about the numbers or the speed of a device.
 */
@NullMarked
package io.plumbline.ascend.standin;

import org.jspecify.annotations.NullMarked;
