/** Block formats as data: element and byte counts per block, packing and unpacking. */
@NullMarked
package io.plumbline.inference.quant;

import org.jspecify.annotations.NullMarked;
