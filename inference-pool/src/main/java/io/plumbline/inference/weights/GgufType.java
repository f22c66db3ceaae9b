package io.plumbline.inference.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Types of metadata values in GGUF files, in the order of their numbers (GGUF specification, version 3). */
public enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final GgufType[] BY_NUMBER = values();

    private final int bytes;

    GgufType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one value; 0 for strings and arrays, whose size varies. */
    public int bytes() {
        return bytes;
    }

    static Optional<GgufType> ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? Optional.of(BY_NUMBER[number]) : Optional.empty();
    }

    /** Whether values are integers. */
    public boolean isWhole() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    /** Whether values are floating-point numbers. */
    public boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** The integer at that offset; an unsigned 64-bit value above the range of long comes out negative. */
    long readWhole(MemorySegment data, long offset) {
        return switch (this) {
            case UINT8 -> data.get(ValueLayout.JAVA_BYTE, offset) & 0xFFL;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, offset);
            case UINT16 -> data.get(LittleEndian.SHORT, offset) & 0xFFFFL;
            case INT16 -> data.get(LittleEndian.SHORT, offset);
            case UINT32 -> data.get(LittleEndian.INT, offset) & 0xFFFF_FFFFL;
            case INT32 -> data.get(LittleEndian.INT, offset);
            case UINT64, INT64 -> data.get(LittleEndian.LONG, offset);
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> throw new IllegalStateException(this + " is no integer");
        };
    }

    double readReal(MemorySegment data, long offset) {
        return this == FLOAT32 ? data.get(LittleEndian.FLOAT, offset) : data.get(LittleEndian.DOUBLE, offset);
    }
}
