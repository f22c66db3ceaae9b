package io.plumbline.inference.quant;

/** Float16 values in float32. */
final class HalfFloat {
    static final float MAX = 65_504f;

    private HalfFloat() {}

    /** The nearest float16, never infinite. */
    static float round(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(Math.clamp(value, -MAX, MAX)));
    }
}
