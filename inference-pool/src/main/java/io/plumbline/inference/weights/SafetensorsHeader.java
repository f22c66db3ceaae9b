package io.plumbline.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON header of a safetensors file: eight bytes of length, then names, types, shapes and places. Like the format's
 * reference implementation this refuses holes, overlaps and headers above 100 MB.
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, SafetensorsTensor> tensors) {
    static final long MAX_HEADER_BYTES = 100_000_000;
    static final String METADATA = "__metadata__";
    private static final String DOWNLOAD_AGAIN = "The file is damaged or incomplete; download or write it again.";

    private record Extent(String name, long begin, long end) {}

    static SafetensorsHeader read(Path path, MemorySegment bytes) {
        return new Reader(path, bytes).read();
    }

    private static final class Reader {
        private final Path path;
        private final MemorySegment bytes;
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
        private final List<Extent> extents = new ArrayList<>();

        Reader(Path path, MemorySegment bytes) {
            this.path = path;
            this.bytes = bytes;
        }

        SafetensorsHeader read() {
            if (bytes.byteSize() < Long.BYTES) {
                throw broken(0, "the file has only %d bytes".formatted(bytes.byteSize()));
            }
            long length = bytes.get(LittleEndian.LONG, 0);
            if (length < 2 || length > MAX_HEADER_BYTES || length > bytes.byteSize() - Long.BYTES) {
                throw broken(
                        0,
                        "this is no complete safetensors file: its header would have %s bytes"
                                .formatted(Long.toUnsignedString(length)));
            }
            JsonNode header = parse(length);
            MemorySegment data = bytes.asSlice(Long.BYTES + length);
            header.properties().forEach(entry -> {
                if (entry.getKey().equals(METADATA)) {
                    entry.getValue()
                            .properties()
                            .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
                } else {
                    addTensor(entry.getKey(), entry.getValue(), data);
                }
            });
            checkCoverage(data.byteSize());
            return new SafetensorsHeader(metadata, tensors);
        }

        private JsonNode parse(long length) {
            byte[] json = new byte[(int) length];
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, Long.BYTES, json, 0, json.length);
            try {
                JsonNode header = StrictJson.parse(json);
                if (!header.isObject()) {
                    throw broken(Long.BYTES, "the header is no JSON object");
                }
                return header;
            } catch (JsonProcessingException e) {
                throw broken(Long.BYTES, "the header is no valid JSON: " + e.getOriginalMessage());
            }
        }

        private void addTensor(String name, JsonNode entry, MemorySegment data) {
            Optional<SafetensorsType> type =
                    SafetensorsType.of(entry.path("dtype").asText());
            if (type.isEmpty()) {
                throw new BrokenModelFileException(
                        path,
                        Long.BYTES,
                        "the tensor '%s' has the type '%s', which is not read"
                                .formatted(name, entry.path("dtype").asText()),
                        "Save it as F32, F16 or BF16.");
            }
            List<Long> shape = numbers(name, entry.path("shape"));
            List<Long> place = numbers(name, entry.path("data_offsets"));
            if (place.size() != 2 || place.get(0) > place.get(1) || place.get(1) > data.byteSize()) {
                throw broken(
                        Long.BYTES,
                        "the tensor '%s' lies at %s of %d bytes of data".formatted(name, place, data.byteSize()));
            }
            long begin = place.get(0);
            long end = place.get(1);
            try {
                tensors.put(name, new SafetensorsTensor(name, type.get(), shape, data.asSlice(begin, end - begin)));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw broken(
                        Long.BYTES,
                        "the tensor '%s' of shape %s and type %s does not fit its %d bytes"
                                .formatted(name, shape, type.get(), end - begin));
            }
            extents.add(new Extent(name, begin, end));
        }

        private List<Long> numbers(String name, JsonNode array) {
            List<Long> numbers = new ArrayList<>();
            for (JsonNode number : array) {
                if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
                    throw broken(Long.BYTES, "the tensor '%s' has a wrong shape or place".formatted(name));
                }
                numbers.add(number.asLong());
            }
            if (!array.isArray()) {
                throw broken(Long.BYTES, "the tensor '%s' lacks its shape or place".formatted(name));
            }
            return numbers;
        }

        private void checkCoverage(long dataBytes) {
            extents.sort(Comparator.comparingLong(Extent::begin).thenComparingLong(Extent::end));
            long expected = 0;
            for (Extent extent : extents) {
                if (extent.begin() != expected) {
                    throw broken(
                            Long.BYTES,
                            "the tensor '%s' begins at %d instead of %d"
                                    .formatted(extent.name(), extent.begin(), expected));
                }
                expected = extent.end();
            }
            if (expected != dataBytes) {
                throw broken(
                        bytes.byteSize(), "the tensors take %d bytes of %d of data".formatted(expected, dataBytes));
            }
        }

        private BrokenModelFileException broken(long offset, String fault) {
            return new BrokenModelFileException(path, offset, fault, DOWNLOAD_AGAIN);
        }
    }
}
