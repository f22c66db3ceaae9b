package io.plumbline.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A value of a GGUF file's metadata. Integers of every width are {@link Whole}, both floating-point widths {@link Real}. */
public sealed interface MetadataValue {
    /** An integer. */
    record Whole(long value) implements MetadataValue {}

    /** A floating-point number. */
    record Real(double value) implements MetadataValue {}

    /** A truth value. */
    record Flag(boolean value) implements MetadataValue {}

    /** A string. */
    record Text(String value) implements MetadataValue {}

    /**
     * A list that stays in the file until it is asked for: a vocabulary has hundreds of thousands of entries. Bounds of
     * every element have been checked when the file was opened.
     *
     * @param elementType GGUF's type of the elements
     * @param size number of elements
     * @param data the stored elements
     */
    record Array(GgufType elementType, int size, MemorySegment data) implements MetadataValue {
        /**
         * The elements of an array of strings.
         *
         * @throws IllegalStateException if the elements are no strings
         */
        public List<String> texts() {
            require(elementType == GgufType.STRING, "strings");
            List<String> texts = new ArrayList<>(size);
            long position = 0;
            for (int i = 0; i < size; i++) {
                int length = Math.toIntExact(data.get(LittleEndian.LONG, position));
                texts.add(text(data, position + Long.BYTES, length));
                position += Long.BYTES + length;
            }
            return texts;
        }

        /**
         * The elements of an array of integers.
         *
         * @throws IllegalStateException if the elements are no integers
         */
        public long[] wholes() {
            require(elementType.isWhole(), "integers");
            long[] values = new long[size];
            for (int i = 0; i < size; i++) {
                values[i] = elementType.readWhole(data, (long) i * elementType.bytes());
            }
            return values;
        }

        /**
         * The elements of an array of floating-point numbers or integers.
         *
         * @throws IllegalStateException if the elements are no numbers
         */
        public float[] reals() {
            require(elementType.isReal() || elementType.isWhole(), "numbers");
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                long offset = (long) i * elementType.bytes();
                values[i] = elementType.isReal()
                        ? (float) elementType.readReal(data, offset)
                        : elementType.readWhole(data, offset);
            }
            return values;
        }

        private void require(boolean condition, String wanted) {
            if (!condition) {
                throw new IllegalStateException("an array of %s holds no %s".formatted(elementType, wanted));
            }
        }

        static String text(MemorySegment bytes, long offset, int length) {
            byte[] copy = new byte[length];
            MemorySegment.copy(bytes, java.lang.foreign.ValueLayout.JAVA_BYTE, offset, copy, 0, length);
            return new String(copy, StandardCharsets.UTF_8);
        }
    }
}
