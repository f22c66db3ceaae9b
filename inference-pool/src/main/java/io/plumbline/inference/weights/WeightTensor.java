package io.plumbline.inference.weights;

import io.plumbline.inference.quant.Dequantizer;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * One tensor of a model file. The data are little-endian, rows one after the other, and belong to the open file.
 *
 * @param name as in the file
 * @param format how elements are stored
 * @param dimensions outermost first (the order of PyTorch; GGUF files store the reverse), each at least 1; empty for a
 *     scalar
 * @param data exactly the tensor's bytes, read-only, valid until the file is closed
 */
public record WeightTensor(String name, QuantFormat format, List<Long> dimensions, MemorySegment data) {
    public WeightTensor {
        dimensions = List.copyOf(dimensions);
        if (data.byteSize() != byteSize(format, dimensions)) {
            throw new IllegalArgumentException("%s: %d bytes do not hold %s elements of format %s"
                    .formatted(name, data.byteSize(), dimensions, format));
        }
    }

    /** A tensor of floats in memory, F32. */
    public static WeightTensor ofFloats(String name, List<Long> dimensions, float[] values) {
        return new WeightTensor(
                name,
                QuantFormat.F32,
                dimensions,
                SafetensorsTensor.ofFloats(name, dimensions, values).data());
    }

    /**
     * Bytes of a tensor.
     *
     * @throws ArithmeticException if there are more than 2³¹ − 1 rows or columns
     * @throws IllegalArgumentException if a row is not a whole number of blocks or a dimension is not positive
     */
    static long byteSize(QuantFormat format, List<Long> dimensions) {
        long columns = dimensions.isEmpty() ? 1 : dimensions.getLast();
        long rows = 1;
        for (int i = 0; i < dimensions.size() - 1; i++) {
            if (dimensions.get(i) <= 0) {
                throw new IllegalArgumentException("a dimension must be positive, not " + dimensions.get(i));
            }
            rows = Math.multiplyExact(rows, dimensions.get(i));
        }
        if (columns > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
            throw new ArithmeticException("more rows or columns than an int counts");
        }
        return Math.multiplyExact(rows, format.rowBytes(columns));
    }

    /** Length of one row: the last dimension. */
    public int columns() {
        return Math.toIntExact(dimensions.isEmpty() ? 1 : dimensions.getLast());
    }

    /** Number of rows: the product of all dimensions but the last. */
    public int rows() {
        return Math.toIntExact(elements() / columns());
    }

    /** Number of elements. */
    public long elements() {
        long product = 1;
        for (long dimension : dimensions) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    /** One row or a range of rows, as stored. */
    public MemorySegment rows(int first, int count) {
        long rowBytes = format.rowBytes(columns());
        return data.asSlice(first * rowBytes, count * rowBytes);
    }

    /** A copy of a range of rows as they are stored. */
    public byte[] storedRows(int first, int count) {
        return rows(first, count).toArray(ValueLayout.JAVA_BYTE);
    }

    /** A copy of a range of rows as floats, row-major, unpacked from whatever format. */
    public float[] floatRows(int first, int count) {
        float[] values = new float[Math.multiplyExact(count, columns())];
        Dequantizer.dequantize(format, rows(first, count), 0, values, 0, values.length);
        return values;
    }

    /**
     * A copy of all elements as floats, row-major: for norms, biases and adapters. Block formats are unpacked in {@code
     * inference.quant}.
     *
     * @throws IllegalStateException if the format is not F32, F16 or BF16
     */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        switch (format) {
            case F32 -> MemorySegment.copy(data, LittleEndian.FLOAT, 0, values, 0, values.length);
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.float16ToFloat(data.get(LittleEndian.SHORT, 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(data.get(LittleEndian.SHORT, 2L * i) << 16);
                }
            }
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS ->
                throw new IllegalStateException("%s is stored as %s, not as plain floats".formatted(name, format));
        }
        return values;
    }
}
