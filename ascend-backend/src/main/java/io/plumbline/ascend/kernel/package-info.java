/**
 * The kernel contract on an Ascend device: memory, weights in the device's own layout, and the operations that have a
 * kernel. What has none is refused when a model is loaded; nothing ever falls back to the CPU.
 */
@NullMarked
package io.plumbline.ascend.kernel;

import org.jspecify.annotations.NullMarked;
