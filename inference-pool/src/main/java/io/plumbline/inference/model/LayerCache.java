package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;

/**
 * The paged cache of one decoder layer.
 *
 * @param keys [blocks, blockSize, keyValueWidth], after rotation
 * @param values [blocks, blockSize, keyValueWidth]
 */
public record LayerCache(Buffer keys, Buffer values) {}
