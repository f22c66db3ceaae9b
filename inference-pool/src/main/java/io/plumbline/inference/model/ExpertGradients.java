package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;

/**
 * The buffers of the backward pass through experts; names are those of the activation whose gradient a buffer holds.
 *
 * @param logits [rows, experts], output of the router
 * @param input [rows, hidden], an expert's rows of the block's input
 * @param output [rows, hidden], an expert's rows of the block's output
 */
record ExpertGradients(Buffer logits, Buffer input, Buffer output) {}
