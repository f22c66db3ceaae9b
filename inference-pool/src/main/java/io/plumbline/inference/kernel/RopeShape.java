package io.plumbline.inference.kernel;

/**
 * Geometry of a rotary embedding.
 *
 * @param heads heads per row
 * @param headDim elements per head
 * @param rotaryDim leading elements of a head that rotate; even, at most headDim
 * @param layout which elements pair up
 */
public record RopeShape(int heads, int headDim, int rotaryDim, RopeLayout layout) {
    public RopeShape {
        if (heads < 1 || rotaryDim < 2 || rotaryDim % 2 != 0 || rotaryDim > headDim) {
            throw new IllegalArgumentException(
                    "impossible rope shape: heads=%d headDim=%d rotaryDim=%d".formatted(heads, headDim, rotaryDim));
        }
    }
}
