/** The CPU backend: C kernels for AVX2 and AVX-512, compiled with the module and bit-equal to the reference. */
@NullMarked
package io.plumbline.inference.kernel.cpu;

import org.jspecify.annotations.NullMarked;
