/*
 * The CUDA kernels as one translation unit, compiled at run time for the device at hand (CudaImage.java): no fused
 * multiply-add that is not written, IEEE division and square root, denormals kept. ADR 0025 says why the bits of every
 * kernel are those of the host backends.
 *
 * An entry point is  extern "C" __global__ void pl_NAME(…)  with parameters that are pointers, int, long long, float or
 * double, and stands in CudaFunction.java with the same parameters. Sizes that can pass 2^31 are long long.
 */
#include "canonical.cuh"
#include "elementwise.cuh"
#include "ordered_sums.cuh"
#include "rows.cuh"
#include "attention_rows.cuh"
#include "weighted_sums.cuh"
#include "attention.cuh"
#include "attention_backward.cuh"
#include "loss.cuh"
#include "optimizer.cuh"
#include "packed.cuh"
#include "pack.cuh"
#include "float_tiles.cuh"
#include "products.cuh"
#include "integer.cuh"
#include "lora.cuh"
