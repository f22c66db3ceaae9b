package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;

/**
 * The activations of the head, for the rows whose logits are wanted.
 *
 * @param gathered [headRows, hidden], input of the final norm
 * @param normed [headRows, hidden], input of the head
 * @param logits [headRows, vocabulary]
 */
public record HeadWorkspace(Buffer gathered, Buffer normed, Buffer logits) {}
