/**
 * Architectures as descriptions, their weights, and the one forward pass that serves and trains.
 *
 * <p>A model file is read into a {@link io.plumbline.inference.model.ModelConfig}; that becomes a
 * {@link io.plumbline.inference.model.ModelPlan}, which says what to compute; and
 * {@link io.plumbline.inference.model.ForwardPass} computes it. A new architecture is a new description, never a new
 * forward pass.
 */
@NullMarked
package io.plumbline.inference.model;

import org.jspecify.annotations.NullMarked;
