/** The kernels on an NVIDIA GPU: the canonical arithmetic, so results have the bits of the host backends (ADR 0025). */
@NullMarked
package io.plumbline.inference.kernel.cuda;

import org.jspecify.annotations.NullMarked;
