package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import org.jspecify.annotations.Nullable;

/**
 * A frozen linear layer {@code y = W·x + bias}.
 *
 * @param weight W[out, in]
 * @param bias bias[out], null = none
 */
public record Linear(Weight weight, @Nullable Buffer bias) {}
