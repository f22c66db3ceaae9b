package io.plumbline.inference.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A value of a GGUF file's metadata. Integers of every width are {@link Whole}, both floating-point widths {@link Real}. */
public sealed interface MetadataValue {
    /** The value's type in the file. */
    GgufType type();

    /** An integer. */
    record Whole(GgufType type, long value) implements MetadataValue {
        public Whole {
            if (!type.isWhole()) {
                throw new IllegalArgumentException(type + " is no type of integers");
            }
        }
    }

    /** A floating-point number. */
    record Real(GgufType type, double value) implements MetadataValue {
        public Real {
            if (!type.isReal()) {
                throw new IllegalArgumentException(type + " is no type of floating-point numbers");
            }
        }
    }

    /** A truth value. */
    record Flag(boolean value) implements MetadataValue {
        @Override
        public GgufType type() {
            return GgufType.BOOL;
        }
    }

    /** A string. */
    record Text(String value) implements MetadataValue {
        @Override
        public GgufType type() {
            return GgufType.STRING;
        }
    }

    /** An unsigned 32-bit integer, the type of nearly all counts and sizes. */
    static MetadataValue ofCount(long value) {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("no unsigned 32-bit integer: " + value);
        }
        return new Whole(GgufType.UINT32, value);
    }

    /** A 32-bit floating-point number. */
    static MetadataValue ofFloat(double value) {
        return new Real(GgufType.FLOAT32, (float) value);
    }

    /** A list of strings. */
    static Array ofTexts(List<String> texts) {
        List<byte[]> encoded = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        long bytes =
                encoded.stream().mapToLong(text -> Long.BYTES + text.length).sum();
        MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        long position = 0;
        for (byte[] text : encoded) {
            data.set(LittleEndian.LONG, position, text.length);
            MemorySegment.copy(text, 0, data, ValueLayout.JAVA_BYTE, position + Long.BYTES, text.length);
            position += Long.BYTES + text.length;
        }
        return new Array(GgufType.STRING, texts.size(), data);
    }

    /** A list of signed 32-bit integers. */
    static Array ofInts(int[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Integer.BYTES)]);
        MemorySegment.copy(values, 0, data, LittleEndian.INT, 0, values.length);
        return new Array(GgufType.INT32, values.length, data);
    }

    /** A list of signed bytes. */
    static Array ofBytes(byte[] values) {
        return new Array(GgufType.INT8, values.length, MemorySegment.ofArray(values.clone()));
    }

    /** A list of 32-bit floating-point numbers. */
    static Array ofFloats(float[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.multiplyExact(values.length, Float.BYTES)]);
        MemorySegment.copy(values, 0, data, LittleEndian.FLOAT, 0, values.length);
        return new Array(GgufType.FLOAT32, values.length, data);
    }

    /** Is shown strings. */
    @FunctionalInterface
    interface TextVisitor {
        /**
         * One string.
         *
         * @param utf8 begins with its bytes as the file has them, valid UTF-8 or not; the visitor may change the array,
         *     which holds the next string as soon as it returns
         */
        void visit(byte[] utf8, int length);
    }

    /**
     * A list that stays in the file until it is asked for: a vocabulary has hundreds of thousands of entries. Bounds of
     * every element have been checked when the file was opened.
     *
     * @param elementType GGUF's type of the elements
     * @param size number of elements
     * @param data the stored elements
     */
    record Array(GgufType elementType, int size, MemorySegment data) implements MetadataValue {
        @Override
        public GgufType type() {
            return GgufType.ARRAY;
        }

        /**
         * The elements of an array of strings.
         *
         * @throws IllegalStateException if the elements are no strings
         */
        public List<String> texts() {
            require(elementType == GgufType.STRING, "strings");
            List<String> texts = new ArrayList<>(size);
            forEachText((utf8, length) -> texts.add(new String(utf8, 0, length, StandardCharsets.UTF_8)));
            return texts;
        }

        /**
         * Shows the elements of an array of strings one after another, none of which becomes an object.
         *
         * @throws IllegalStateException if the elements are no strings
         */
        public void forEachText(TextVisitor visitor) {
            require(elementType == GgufType.STRING, "strings");
            byte[] text = new byte[64];
            long position = 0;
            for (int i = 0; i < size; i++) {
                int length = Math.toIntExact(data.get(LittleEndian.LONG, position));
                text = length <= text.length ? text : new byte[length];
                MemorySegment.copy(data, ValueLayout.JAVA_BYTE, position + Long.BYTES, text, 0, length);
                visitor.visit(text, length);
                position += Long.BYTES + length;
            }
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
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
            return new String(copy, StandardCharsets.UTF_8);
        }
    }
}
