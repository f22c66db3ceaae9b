package io.plumbline.inference.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Writes GGUF files of version 3 (specification: {@code docs/gguf.md} of the ggml project). */
public final class GgufWriter {
    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    /** The key that a reader takes the alignment from; without it, it is 32. */
    private static final String ALIGNMENT_KEY = "general.alignment";

    private GgufWriter() {}

    /** Looks at the complete file before it appears under its name. */
    @FunctionalInterface
    public interface Check {
        /** @throws IOException or a runtime exception if the file must not appear */
        void inspect(Path draft) throws IOException;
    }

    /**
     * Writes a file in one step: the target appears complete or not at all.
     *
     * @param metadata in this order; an alignment among it is left out, since this file has its own
     * @param check called with the finished draft, which has another name
     * @throws IllegalArgumentException if a tensor name occurs twice or content does not have its size
     * @throws IOException if it cannot be written, for lack of space for instance; the target is then as before
     */
    public static void write(Path target, Map<String, MetadataValue> metadata, List<GgufTensor> tensors, Check check)
            throws IOException {
        byte[] header = header(metadata, tensors);
        long size = header.length
                + tensors.stream().mapToLong(t -> aligned(t.byteSize())).sum();
        Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file lies in a folder");
        requireSpace(folder, size);
        Path draft = Files.createTempFile(folder, ".writing-", ".gguf");
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                writeFully(channel, header);
                for (GgufTensor tensor : tensors) {
                    writeTensor(channel, tensor);
                }
                channel.force(true);
            }
            check.inspect(draft);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void requireSpace(Path folder, long size) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < size) {
            throw new IOException(
                    "the file will have %,d bytes and %s has only %,d free; make room or choose another disk"
                            .formatted(size, folder, free));
        }
    }

    private static byte[] header(Map<String, MetadataValue> metadata, List<GgufTensor> tensors) {
        Output out = new Output();
        out.int32(MAGIC);
        out.int32(VERSION);
        out.int64(tensors.size());
        out.int64(metadata.keySet().stream()
                .filter(key -> !key.equals(ALIGNMENT_KEY))
                .count());
        metadata.forEach((key, value) -> {
            if (!key.equals(ALIGNMENT_KEY)) {
                out.text(key);
                out.int32(value.type().ordinal());
                out.value(value);
            }
        });
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (GgufTensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("the tensor name '%s' is taken".formatted(tensor.name()));
            }
            out.text(tensor.name());
            out.int32(tensor.dimensions().size());
            tensor.dimensions().reversed().forEach(out::int64); // the file stores the innermost dimension first
            out.int32(tensor.format().ggmlType());
            out.int64(offset);
            offset += aligned(tensor.byteSize());
        }
        out.pad();
        return out.bytes.toByteArray();
    }

    private static void writeTensor(FileChannel channel, GgufTensor tensor) throws IOException {
        long start = channel.position();
        tensor.content().writeTo(bytes -> writeFully(channel, bytes));
        long written = channel.position() - start;
        if (written != tensor.byteSize()) {
            throw new IllegalArgumentException(
                    "%s: %d bytes instead of %d".formatted(tensor.name(), written, tensor.byteSize()));
        }
        writeFully(channel, new byte[Math.toIntExact(aligned(written) - written)]);
    }

    private static long aligned(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                throw new IOException("nothing more can be written");
            }
        }
    }

    /** The header as it grows. */
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void int32(int value) {
            number(value, Integer.BYTES);
        }

        void int64(long value) {
            number(value, Long.BYTES);
        }

        void text(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            int64(encoded.length);
            bytes.writeBytes(encoded);
        }

        void value(MetadataValue value) {
            switch (value) {
                case MetadataValue.Whole(GgufType type, long number) -> number(number, type.bytes());
                case MetadataValue.Real(GgufType type, double number) ->
                    number(
                            type == GgufType.FLOAT32
                                    ? Float.floatToRawIntBits((float) number)
                                    : Double.doubleToRawLongBits(number),
                            type.bytes());
                case MetadataValue.Flag(boolean flag) -> bytes.write(flag ? 1 : 0);
                case MetadataValue.Text(String text) -> text(text);
                case MetadataValue.Array array -> {
                    int32(array.elementType().ordinal());
                    int64(array.size());
                    bytes.writeBytes(array.data().toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }

        void pad() {
            bytes.writeBytes(new byte[Math.floorMod(-bytes.size(), ALIGNMENT)]);
        }

        private void number(long value, int width) {
            ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.write(buffer.putLong(value).array(), 0, width);
        }
    }
}
