/** The product benchmark: what serving really reaches, beside llama.cpp in the same run, every output checked. */
@NullMarked
package io.plumbline.inference.bench;

import org.jspecify.annotations.NullMarked;
