package io.plumbline.inference.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One tensor of a safetensors file, of any type.
 *
 * @param name as in the file
 * @param type element type
 * @param shape outermost dimension first; empty for a scalar
 * @param data the elements, row-major, little-endian
 */
public record SafetensorsTensor(String name, SafetensorsType type, List<Long> shape, MemorySegment data) {
    public SafetensorsTensor {
        shape = List.copyOf(shape);
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        if (elements < 0 || Math.multiplyExact(elements, type.bytes()) != data.byteSize()) {
            throw new IllegalArgumentException(
                    "%s: %d bytes do not hold %s elements of type %s".formatted(name, data.byteSize(), shape, type));
        }
    }

    /** A tensor of floats to be written, F32. */
    public static SafetensorsTensor ofFloats(String name, List<Long> shape, float[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Float.BYTES)]);
        MemorySegment.copy(values, 0, data, LittleEndian.FLOAT, 0, values.length);
        return new SafetensorsTensor(name, SafetensorsType.F32, shape, data);
    }

    /** Number of elements. */
    public int size() {
        return Math.toIntExact(data.byteSize() / type.bytes());
    }

    /** A copy of the elements as floats; wider types are rounded. */
    public float[] toFloats() {
        float[] values = new float[size()];
        if (type == SafetensorsType.F32) {
            MemorySegment.copy(data, LittleEndian.FLOAT, 0, values, 0, values.length);
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) real(i);
        }
        return values;
    }

    /** A copy of the elements as doubles. */
    public double[] toDoubles() {
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = real(i);
        }
        return values;
    }

    /**
     * A copy of the elements as ints.
     *
     * @throws IllegalStateException if they are no integers
     * @throws ArithmeticException if one exceeds an int
     */
    public int[] toInts() {
        int[] values = new int[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.toIntExact(whole(i));
        }
        return values;
    }

    private double real(long index) {
        return switch (type) {
            case F64 -> data.get(LittleEndian.DOUBLE, index * Double.BYTES);
            case F32 -> data.get(LittleEndian.FLOAT, index * Float.BYTES);
            case F16 -> Float.float16ToFloat(data.get(LittleEndian.SHORT, index * Short.BYTES));
            case BF16 -> Float.intBitsToFloat(data.get(LittleEndian.SHORT, index * Short.BYTES) << 16);
            case I64, I32, I16, I8, U8, BOOL -> whole(index);
        };
    }

    private long whole(long index) {
        return switch (type) {
            case I64 -> data.get(LittleEndian.LONG, index * Long.BYTES);
            case I32 -> data.get(LittleEndian.INT, index * Integer.BYTES);
            case I16 -> data.get(LittleEndian.SHORT, index * Short.BYTES);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case U8, BOOL -> data.get(ValueLayout.JAVA_BYTE, index) & 0xFFL;
            case F64, F32, F16, BF16 -> throw new IllegalStateException("%s holds no integers".formatted(name));
        };
    }
}
