package io.plumbline.inference.weights;

import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks a GGUF file once from front to back. Every count is checked against the bytes that are left before anything is
 * allocated for it, so the memory used is bounded by the size of the file, whatever the file says.
 */
final class GgufReader {
    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MAX_DIMENSIONS = 4;
    private static final int MAX_NAME_BYTES = 1 << 16;
    private static final int MAX_ARRAY_DEPTH = 4;
    private static final int SMALLEST_ENTRY_BYTES = Long.BYTES + Integer.BYTES + 1; // empty key, type, one byte
    private static final int SMALLEST_TENSOR_BYTES = Long.BYTES + 2 * Integer.BYTES + Long.BYTES;
    private static final String DOWNLOAD_AGAIN = "The file is damaged or incomplete; download or convert it again.";

    private final Path path;
    private final MemorySegment bytes;
    private final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
    private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    private long position;

    /** Where a tensor says it lies, before the start of the data section is known. */
    private record Placement(String name, QuantFormat format, List<Long> dimensions, long offset, long declaredAt) {}

    GgufReader(Path path, MemorySegment bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Everything before the tensors' data; to be asked after {@link #read}. */
    MemorySegment header() {
        return bytes.asSlice(0, position);
    }

    Map<String, MetadataValue> metadata() {
        return metadata;
    }

    Map<String, WeightTensor> tensors() {
        return tensors;
    }

    void read() {
        readMagicAndVersion();
        long tensorCount = readCount("tensors", SMALLEST_TENSOR_BYTES);
        long entryCount = readCount("metadata entries", SMALLEST_ENTRY_BYTES);
        for (long i = 0; i < entryCount; i++) {
            readEntry();
        }
        List<Placement> placements = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            placements.add(readPlacement());
        }
        placeTensors(placements);
    }

    private void readMagicAndVersion() {
        if (bytes.byteSize() < 2 * Integer.BYTES || bytes.get(LittleEndian.INT, 0) != MAGIC) {
            throw broken(0, "this is no GGUF file: it does not begin with 'GGUF'", "Choose a file in GGUF format.");
        }
        int version = bytes.get(LittleEndian.INT, Integer.BYTES);
        if (Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3) {
            throw broken(
                    Integer.BYTES,
                    "the file is big-endian",
                    "Convert it to little-endian, for example with gguf_convert_endian.py of llama.cpp.");
        }
        if (version != 2 && version != 3) {
            throw broken(
                    Integer.BYTES,
                    "GGUF version %s is not read, only 2 and 3".formatted(Integer.toUnsignedString(version)),
                    "Convert the model again with a current converter.");
        }
        position = 2 * Integer.BYTES;
    }

    /** A number of things of which each takes at least {@code smallest} bytes of what follows. */
    private long readCount(String things, int smallest) {
        long at = position;
        long count = readLong();
        if (count < 0 || count > (bytes.byteSize() - position) / smallest) {
            throw broken(
                    at,
                    "the file claims %s %s, more than it has room for".formatted(Long.toUnsignedString(count), things),
                    DOWNLOAD_AGAIN);
        }
        return count;
    }

    private void readEntry() {
        long at = position;
        String key = readName("a metadata key");
        GgufType type = readType(key);
        MetadataValue value = readValue(key, type);
        if (metadata.put(key, value) != null) {
            throw broken(at, "the metadata key '%s' occurs twice".formatted(key), DOWNLOAD_AGAIN);
        }
    }

    private GgufType readType(String key) {
        long at = position;
        int number = readInt();
        return GgufType.ofNumber(number)
                .orElseThrow(() -> broken(
                        at,
                        "the metadata value '%s' has the unknown type %s"
                                .formatted(key, Integer.toUnsignedString(number)),
                        DOWNLOAD_AGAIN));
    }

    private MetadataValue readValue(String key, GgufType type) {
        long at = position;
        return switch (type) {
            case STRING -> new MetadataValue.Text(readText());
            case ARRAY -> readArray(key, 1);
            case BOOL -> {
                skip(1);
                byte value = bytes.get(ValueLayout.JAVA_BYTE, at);
                if (value != 0 && value != 1) {
                    throw broken(at, "the truth value '%s' is neither 0 nor 1".formatted(key), DOWNLOAD_AGAIN);
                }
                yield new MetadataValue.Flag(value == 1);
            }
            case FLOAT32, FLOAT64 -> {
                skip(type.bytes());
                yield new MetadataValue.Real(type, type.readReal(bytes, at));
            }
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> {
                skip(type.bytes());
                long value = type.readWhole(bytes, at);
                if (type == GgufType.UINT64 && value < 0) {
                    throw broken(at, "the metadata value '%s' exceeds 2^63".formatted(key), DOWNLOAD_AGAIN);
                }
                yield new MetadataValue.Whole(type, value);
            }
        };
    }

    private MetadataValue.Array readArray(String key, int depth) {
        if (depth > MAX_ARRAY_DEPTH) {
            throw broken(position, "the arrays of '%s' are nested too deeply".formatted(key), DOWNLOAD_AGAIN);
        }
        GgufType type = readType(key);
        int smallest =
                switch (type) {
                    case STRING -> Long.BYTES;
                    case ARRAY -> Integer.BYTES + Long.BYTES;
                    case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, BOOL, UINT64, INT64, FLOAT64 ->
                        type.bytes();
                };
        long at = position;
        long size = readCount("elements in '%s'".formatted(key), smallest);
        if (size > Integer.MAX_VALUE) {
            throw broken(at, "the array '%s' is too long".formatted(key), DOWNLOAD_AGAIN);
        }
        long start = position;
        if (type == GgufType.STRING) {
            for (long i = 0; i < size; i++) {
                skip(readLength());
            }
        } else if (type == GgufType.ARRAY) {
            for (long i = 0; i < size; i++) {
                readArray(key, depth + 1);
            }
        } else {
            skip(size * type.bytes());
        }
        return new MetadataValue.Array(type, (int) size, bytes.asSlice(start, position - start));
    }

    private Placement readPlacement() {
        long at = position;
        String name = readName("a tensor name");
        int dimensionCount = readInt();
        if (dimensionCount < 0 || dimensionCount > MAX_DIMENSIONS) {
            throw broken(
                    at,
                    "the tensor '%s' has %s dimensions; at most %d are possible"
                            .formatted(name, Integer.toUnsignedString(dimensionCount), MAX_DIMENSIONS),
                    DOWNLOAD_AGAIN);
        }
        List<Long> dimensions = new ArrayList<>();
        for (int i = 0; i < dimensionCount; i++) {
            long dimension = readLong();
            if (dimension < 1 || dimension > Integer.MAX_VALUE) {
                throw broken(
                        at,
                        "the tensor '%s' has a dimension of %s".formatted(name, Long.toUnsignedString(dimension)),
                        DOWNLOAD_AGAIN);
            }
            dimensions.addFirst(dimension); // the file stores the innermost dimension first
        }
        int typeNumber = readInt();
        QuantFormat format = QuantFormat.ofGgmlType(typeNumber)
                .orElseThrow(() -> broken(
                        at,
                        "the tensor '%s' has the type %s, which is not supported"
                                .formatted(name, Integer.toUnsignedString(typeNumber)),
                        "Use a file quantised as one of Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to Q6_K, IQ4_NL, IQ4_XS,"
                                + " or as F16, BF16 or F32."));
        return new Placement(name, format, dimensions, readLong(), at);
    }

    private void placeTensors(List<Placement> placements) {
        long alignment = alignment();
        if (placements.isEmpty()) {
            return; // a vocabulary-only file has no data section
        }
        long dataStart = (position + alignment - 1) / alignment * alignment;
        if (dataStart > bytes.byteSize()) {
            throw broken(position, "the file ends before its tensor data", DOWNLOAD_AGAIN);
        }
        MemorySegment data = bytes.asSlice(dataStart);
        for (Placement placement : placements) {
            WeightTensor tensor = place(placement, data, alignment);
            if (tensors.put(placement.name(), tensor) != null) {
                throw broken(
                        placement.declaredAt(),
                        "the tensor '%s' occurs twice".formatted(placement.name()),
                        DOWNLOAD_AGAIN);
            }
        }
        checkOverlap(placements);
    }

    private WeightTensor place(Placement placement, MemorySegment data, long alignment) {
        long size;
        try {
            size = WeightTensor.byteSize(placement.format(), placement.dimensions());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw broken(
                    placement.declaredAt(),
                    "the tensor '%s' of dimensions %s does not fit the format %s"
                            .formatted(placement.name(), placement.dimensions(), placement.format()),
                    DOWNLOAD_AGAIN);
        }
        long offset = placement.offset();
        if (offset < 0 || offset % alignment != 0) {
            throw broken(
                    placement.declaredAt(),
                    "the tensor '%s' begins at offset %s, which is not a multiple of %d"
                            .formatted(placement.name(), Long.toUnsignedString(offset), alignment),
                    DOWNLOAD_AGAIN);
        }
        if (offset > data.byteSize() || size > data.byteSize() - offset) {
            throw broken(
                    placement.declaredAt(),
                    "the tensor '%s' needs %d bytes from offset %d of the data, which has only %d"
                            .formatted(placement.name(), size, offset, data.byteSize()),
                    DOWNLOAD_AGAIN);
        }
        return new WeightTensor(
                placement.name(), placement.format(), placement.dimensions(), data.asSlice(offset, size));
    }

    private void checkOverlap(List<Placement> placements) {
        List<Placement> ordered = new ArrayList<>(placements);
        ordered.sort(Comparator.comparingLong(Placement::offset));
        for (int i = 1; i < ordered.size(); i++) {
            Placement before = ordered.get(i - 1);
            Placement here = ordered.get(i);
            if (here.offset() - before.offset() < WeightTensor.byteSize(before.format(), before.dimensions())) {
                throw broken(
                        here.declaredAt(),
                        "the tensors '%s' and '%s' overlap".formatted(before.name(), here.name()),
                        DOWNLOAD_AGAIN);
            }
        }
    }

    private long alignment() {
        MetadataValue value = metadata.get("general.alignment");
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (value instanceof MetadataValue.Whole(GgufType _, long alignment)
                && alignment >= 1
                && alignment <= 1 << 20
                && Long.bitCount(alignment) == 1) {
            return alignment;
        }
        throw broken(-1, "general.alignment is no power of two up to 2^20", DOWNLOAD_AGAIN);
    }

    private String readName(String what) {
        long at = position;
        long length = readLength();
        if (length > MAX_NAME_BYTES) {
            throw broken(at, "%s is %d bytes long".formatted(what, length), DOWNLOAD_AGAIN);
        }
        skip(length);
        byte[] name = bytes.asSlice(position - length, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            throw broken(at, what + " is no UTF-8", DOWNLOAD_AGAIN);
        }
    }

    private String readText() {
        long length = readLength();
        skip(length);
        return MetadataValue.Array.text(bytes, position - length, (int) length);
    }

    private long readLength() {
        long at = position;
        long length = readLong();
        if (length < 0 || length > Integer.MAX_VALUE - 8 || length > bytes.byteSize() - position) {
            throw broken(
                    at,
                    "a string of %s bytes reaches beyond the end of the file".formatted(Long.toUnsignedString(length)),
                    DOWNLOAD_AGAIN);
        }
        return length;
    }

    private int readInt() {
        skip(Integer.BYTES);
        return bytes.get(LittleEndian.INT, position - Integer.BYTES);
    }

    private long readLong() {
        skip(Long.BYTES);
        return bytes.get(LittleEndian.LONG, position - Long.BYTES);
    }

    private void skip(long count) {
        if (count > bytes.byteSize() - position) {
            throw broken(
                    bytes.byteSize(),
                    "the file ends after %d bytes, in the middle of its header".formatted(bytes.byteSize()),
                    DOWNLOAD_AGAIN);
        }
        position += count;
    }

    private BrokenModelFileException broken(long offset, String fault, String remedy) {
        return new BrokenModelFileException(path, offset, fault, remedy);
    }
}
