/**
 * Model files mapped into memory: GGUF and safetensors behind one view ({@link
 * io.plumbline.inference.weights.WeightFile}), Hugging Face configurations, and PEFT adapters.
 *
 * <p>Nothing here copies weights: a tensor is a slice of the mapped file, valid until the file is closed. Whatever is
 * wrong with a file is told by {@link io.plumbline.inference.weights.BrokenModelFileException}.
 */
@NullMarked
package io.plumbline.inference.weights;

import org.jspecify.annotations.NullMarked;
