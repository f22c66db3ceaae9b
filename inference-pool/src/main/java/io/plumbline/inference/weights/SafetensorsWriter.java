package io.plumbline.inference.weights;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes safetensors files, laid out as the format's reference implementation does: widest type first, then by name. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /**
     * Writes a file in one step: the target appears complete or not at all.
     *
     * @param metadata free texts; {@code format = pt} is what PyTorch loaders expect
     * @throws IllegalArgumentException if a name occurs twice
     * @throws IOException if it cannot be written; the target is then as before
     */
    public static void write(Path target, Map<String, String> metadata, Collection<SafetensorsTensor> tensors)
            throws IOException {
        List<SafetensorsTensor> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt((SafetensorsTensor t) -> -t.type().bytes())
                .thenComparing(SafetensorsTensor::name));
        byte[] header = header(metadata, ordered);
        Path parent = target.toAbsolutePath().getParent();
        Path draft = Files.createTempFile(parent, ".writing-", ".safetensors");
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                writeFully(channel, length.putLong(0, header.length));
                writeFully(channel, ByteBuffer.wrap(header));
                for (SafetensorsTensor tensor : ordered) {
                    writeFully(channel, tensor.data().asByteBuffer());
                }
                channel.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static byte[] header(Map<String, String> metadata, List<SafetensorsTensor> tensors) {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = header.putObject(SafetensorsHeader.METADATA);
            metadata.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
        }
        Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
        long position = 0;
        for (SafetensorsTensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("the tensor name '%s' is taken".formatted(tensor.name()));
            }
            ObjectNode entry =
                    header.putObject(tensor.name()).put("dtype", tensor.type().name());
            var shape = entry.putArray("shape");
            tensor.shape().forEach(shape::add);
            entry.putArray("data_offsets")
                    .add(position)
                    .add(position + tensor.data().byteSize());
            position += tensor.data().byteSize();
        }
        byte[] json = StrictJson.writeCompact(header);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int written = channel.write(bytes);
            if (written == 0) {
                throw new IOException("nothing more can be written");
            }
        }
    }
}
