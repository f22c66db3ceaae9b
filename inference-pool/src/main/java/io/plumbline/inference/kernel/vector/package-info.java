/**
 * Kernels in the Vector API ({@code jdk.incubator.vector}), for machines without a C compiler or with a processor that
 * the native kernels do not know. The arithmetic is that of all host backends (ADR 0002, ADR 0014): results are
 * bit-equal. See ADR 0020.
 */
@NullMarked
package io.plumbline.inference.kernel.vector;

import org.jspecify.annotations.NullMarked;
