package io.plumbline.inference.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts GGUF files together byte by byte, wrong ones too. */
public final class GgufBuilder {
    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private int version = 3;
    private long entryCount;
    private long tensorCount;
    private byte[] data = {};

    public GgufBuilder version(int version) {
        this.version = version;
        return this;
    }

    public GgufBuilder rawEntry(String key, int type, byte[] value) {
        entries.writeBytes(concat(List.of(string(key), number(type, Integer.BYTES), value)));
        entryCount++;
        return this;
    }

    /** Dimensions innermost first, as in the file. */
    public GgufBuilder tensor(String name, int type, long offset, long... dimensions) {
        tensors.writeBytes(string(name));
        tensors.writeBytes(number(dimensions.length, Integer.BYTES));
        for (long dimension : dimensions) {
            tensors.writeBytes(number(dimension, Long.BYTES));
        }
        tensors.writeBytes(number(type, Integer.BYTES));
        tensors.writeBytes(number(offset, Long.BYTES));
        tensorCount++;
        return this;
    }

    public GgufBuilder data(byte[] data) {
        this.data = data.clone();
        return this;
    }

    public byte[] build() {
        byte[] header = concat(List.of(
                "GGUF".getBytes(StandardCharsets.US_ASCII),
                number(version, Integer.BYTES),
                number(tensorCount, Long.BYTES),
                number(entryCount, Long.BYTES),
                entries.toByteArray(),
                tensors.toByteArray()));
        byte[] padding = new byte[Math.floorMod(-header.length, ALIGNMENT)];
        return concat(List.of(header, padding, data));
    }

    public static byte[] concat(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return concat(List.of(number(bytes.length, Long.BYTES), bytes));
    }

    private static byte[] number(long value, int bytes) {
        byte[] all = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return java.util.Arrays.copyOf(all, bytes);
    }
}
