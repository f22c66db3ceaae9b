package io.plumbline.ascend.acl;

import java.lang.foreign.MemorySegment;

/**
 * A value that belongs to one place of an argument list, and how the stand-in tells it: bits in hexadecimal, signed
 * values widened.
 */
record Sentinel(Object value, String text) {
    static Sentinel of(ArgumentCode code, int slot, boolean alternate) {
        int sign = alternate ? -1 : 1;
        return switch (code) {
            case POINTER, STRING, TENSOR, TENSOR_LIST, INT_ARRAY, SCALAR -> {
                // High enough for bit 46, so that an address cut to 32 bits shows.
                long address = 0x4ace_0000_1000L + 0x1_0000_0010L * slot;
                yield new Sentinel(MemorySegment.ofAddress(address), "p:%x".formatted(address));
            }
            case BOOL -> {
                boolean value = slot % 2 == 0 ^ alternate;
                yield new Sentinel(value, "b:%d".formatted(value ? 1 : 0));
            }
            case INT8 -> {
                byte value = (byte) (sign * (17 + slot));
                yield new Sentinel(value, "i8:%x".formatted((long) value));
            }
            case INT32, DATA_TYPE -> {
                int value = sign * (0x1234_0000 + slot);
                yield new Sentinel(value, "i32:%x".formatted((long) value));
            }
            case UINT32 -> {
                int value = alternate ? 0xFEDC_0000 + slot : 0x1234_0000 + slot;
                yield new Sentinel(value, "u32:%x".formatted(Integer.toUnsignedLong(value)));
            }
            case INT64 -> {
                long value = sign * (0x1234_5678_9ABC_0000L + slot);
                yield new Sentinel(value, "i64:%x".formatted(value));
            }
            case UINT64 -> {
                long value = alternate ? 0xFEDC_BA98_7654_0000L + slot : 0x1234_5678_9ABC_0000L + slot;
                yield new Sentinel(value, "u64:%x".formatted(value));
            }
            case FLOAT32 -> {
                float value = sign * (1.1f + slot);
                yield new Sentinel(value, "f32:%x".formatted(Float.floatToRawIntBits(value) & 0xFFFF_FFFFL));
            }
            case FLOAT64 -> {
                double value = sign * (1.1 + slot);
                yield new Sentinel(value, "f64:%x".formatted(Double.doubleToRawLongBits(value)));
            }
        };
    }
}
