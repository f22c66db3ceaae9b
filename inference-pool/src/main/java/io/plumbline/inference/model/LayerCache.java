package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;

/**
 * The paged cache of one decoder layer.
 *
 * @param keys [blocks, blockSize, rowElements] as {@link io.plumbline.inference.kernel.KeyValuePrecision} lays them out,
 *     after rotation
 * @param values the same
 */
public record LayerCache(Buffer keys, Buffer values) {}
