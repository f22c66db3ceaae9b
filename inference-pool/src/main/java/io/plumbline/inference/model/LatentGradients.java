package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;

/**
 * The buffers of {@link LatentAttentionBackward}, named after the activations whose gradients they hold: see {@link
 * Workspace.LatentBlock}.
 *
 * @param padded [rows, queryWidth]
 * @param unpacked [rows, heads · (headDim - rotaryDim + valueDim)]
 * @param rotaryKeys [rows · heads, rotaryDim]
 * @param rotaryKeyOfHead [rows, rotaryDim], scratch
 * @param rotaryKey [rows, rotaryDim]
 * @param query [rows, queryRank], after the norm
 * @param rawQuery [rows, queryRank], before it
 * @param keyValue [rows, keyValueRank], after the norm
 * @param rawKeyValue [rows, keyValueRank], before it
 */
record LatentGradients(
        Buffer padded,
        Buffer unpacked,
        Buffer rotaryKeys,
        Buffer rotaryKeyOfHead,
        Buffer rotaryKey,
        Buffer query,
        Buffer rawQuery,
        Buffer keyValue,
        Buffer rawKeyValue) {}
