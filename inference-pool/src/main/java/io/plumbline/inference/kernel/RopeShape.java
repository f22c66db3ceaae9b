package io.plumbline.inference.kernel;

/**
 * Geometry of a rotary embedding.
 *
 * @param heads heads per row
 * @param headDim elements per head
 * @param rotaryStart elements of a head before those that rotate
 * @param rotaryDim elements of a head that rotate; even, at most headDim - rotaryStart
 * @param layout which of them pair up
 */
public record RopeShape(int heads, int headDim, int rotaryStart, int rotaryDim, RopeLayout layout) {
    public RopeShape {
        if (heads < 1 || rotaryStart < 0 || rotaryDim < 2 || rotaryDim % 2 != 0 || rotaryStart > headDim - rotaryDim) {
            throw new IllegalArgumentException("impossible rope shape: heads=%d headDim=%d rotaryStart=%d rotaryDim=%d"
                    .formatted(heads, headDim, rotaryStart, rotaryDim));
        }
    }

    /** The leading elements of a head rotate. */
    public RopeShape(int heads, int headDim, int rotaryDim, RopeLayout layout) {
        this(heads, headDim, 0, rotaryDim, layout);
    }
}
