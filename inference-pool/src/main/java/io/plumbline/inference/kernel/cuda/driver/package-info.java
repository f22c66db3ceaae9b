/**
 * NVIDIA's driver ({@code libcuda}) and run-time compiler ({@code libnvrtc}), bound through the Foreign Function and
 * Memory API: nothing of CUDA is needed to build Plumbline. Names and numbers follow the CUDA Driver API and NVRTC
 * references.
 */
@NullMarked
package io.plumbline.inference.kernel.cuda.driver;

import org.jspecify.annotations.NullMarked;
