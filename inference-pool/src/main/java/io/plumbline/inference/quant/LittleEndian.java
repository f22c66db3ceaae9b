package io.plumbline.inference.quant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers as they lie in GGUF files. */
final class LittleEndian {
    private static final VarHandle INT16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static short int16(byte[] bytes, int at) {
        return (short) INT16.get(bytes, at);
    }

    static void putInt16(byte[] bytes, int at, short value) {
        INT16.set(bytes, at, value);
    }

    static int int32(byte[] bytes, int at) {
        return (int) INT32.get(bytes, at);
    }

    static void putInt32(byte[] bytes, int at, int value) {
        INT32.set(bytes, at, value);
    }

    static float float16(byte[] bytes, int at) {
        return Float.float16ToFloat(int16(bytes, at));
    }

    static void putFloat16(byte[] bytes, int at, float value) {
        putInt16(bytes, at, Float.floatToFloat16(value));
    }
}
