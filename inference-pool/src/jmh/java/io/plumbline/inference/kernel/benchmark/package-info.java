/** Each kernel on its own (JMH), in GB/s and GFLOPS against what the machine can do, its output checked first. */
@NullMarked
package io.plumbline.inference.kernel.benchmark;

import org.jspecify.annotations.NullMarked;
