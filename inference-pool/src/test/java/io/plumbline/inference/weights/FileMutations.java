package io.plumbline.inference.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Damages model files, the same way for the same seed: cuts, flipped bits, foreign numbers where counts, types, sizes and
 * places stand, copies of one part over another, texts that are no UTF-8, numbers that are none.
 */
public final class FileMutations {
    private static final long[] HOSTILE = {
        0,
        1,
        -1,
        2,
        3,
        7,
        31,
        32,
        33,
        64,
        255,
        256,
        65_535,
        65_536,
        1L << 20,
        (1L << 31) - 1,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        (1L << 32) + 64,
        1L << 40,
        (1L << 61) + 1,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** Float16: NaN, ±∞, the largest, the smallest subnormal, −0. */
    private static final short[] HALVES = {0x7E00, 0x7C00, (short) 0xFC00, 0x7BFF, 0x0001, (short) 0x8000};

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?");
    private static final List<String> HOSTILE_JSON = List.of(
            "0",
            "1",
            "-1",
            "2",
            "3",
            "47",
            "49",
            "1.5",
            "1e400",
            "NaN",
            "null",
            "true",
            "[]",
            "{}",
            "\"x\"",
            "65536",
            "1048577",
            "2147483647",
            "2147483648",
            "4294967360",
            "9223372036854775807",
            "99999999999999999999999999");
    private static final List<String> HOSTILE_WORDS = List.of(
            "\"F32\"",
            "\"F16\"",
            "\"BF16\"",
            "\"F64\"",
            "\"I64\"",
            "\"U8\"",
            "\"BOOL\"",
            "\"F8_E4M3\"",
            "\"dtype\"",
            "\"shape\"",
            "\"data_offsets\"",
            "\"__metadata__\"",
            "\"\"",
            "null",
            "7");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"");

    private final Random random;

    public FileMutations(long seed) {
        this.random = new Random(seed);
    }

    /**
     * A damaged copy.
     *
     * @param file a sound GGUF file
     * @param headerBytes bytes before the weights, where most of the damage goes
     */
    public byte[] gguf(byte[] file, int headerBytes) {
        byte[] damaged = file.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && damaged.length > 16; times--) {
            damaged = binary(damaged, Math.min(headerBytes, damaged.length));
        }
        return damaged;
    }

    /** A damaged copy of a sound safetensors file. */
    public byte[] safetensors(byte[] file) {
        int headerLength = Math.toIntExact(
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        if (random.nextInt(3) == 0) {
            return binary(file, Long.BYTES + headerLength);
        }
        String header = new String(file, Long.BYTES, headerLength, StandardCharsets.UTF_8);
        byte[] json = json(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer damaged = ByteBuffer.allocate(Long.BYTES + json.length + file.length - Long.BYTES - headerLength)
                .order(ByteOrder.LITTLE_ENDIAN);
        damaged.putLong(json.length)
                .put(json)
                .put(file, Long.BYTES + headerLength, file.length - Long.BYTES - headerLength);
        return damaged.array();
    }

    /** JSON with one or two numbers or words exchanged, or a part doubled. */
    public String json(String text) {
        String damaged = text;
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            damaged = switch (random.nextInt(6)) {
                case 0, 1, 2 -> exchange(damaged, NUMBER, HOSTILE_JSON);
                case 3 -> exchange(damaged, WORD, HOSTILE_WORDS);
                case 4 -> doubled(damaged);
                default -> damaged.replaceFirst("\\[", "[".repeat(1 << random.nextInt(14)));
            };
        }
        return damaged;
    }

    private String exchange(String text, Pattern what, List<String> others) {
        long count = what.matcher(text).results().count();
        if (count == 0) {
            return text;
        }
        var match = what.matcher(text)
                .results()
                .skip(random.nextLong(count))
                .findFirst()
                .orElseThrow();
        String other = others.get(random.nextInt(others.size()));
        return text.substring(0, match.start()) + other + text.substring(match.end());
    }

    private String doubled(String text) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + 1 + random.nextInt(120));
        return text.substring(0, to) + text.substring(from, to) + text.substring(to);
    }

    private byte[] binary(byte[] file, int header) {
        int at = random.nextInt(header);
        return switch (random.nextInt(10)) {
            case 0 -> Arrays.copyOf(file, random.nextInt(2) == 0 ? at : random.nextInt(file.length));
            case 1, 2, 3 -> number(file, header);
            case 4 -> {
                byte[] flipped = file.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 5 -> {
                byte[] copied = file.clone();
                int length = Math.min(1 + random.nextInt(40), header);
                System.arraycopy(
                        file, random.nextInt(header - length + 1), copied, random.nextInt(header - length + 1), length);
                yield copied;
            }
            case 6 -> {
                byte[] text = file.clone();
                Arrays.fill(text, at, Math.min(header, at + 1 + random.nextInt(4)), (byte) (0xC0 + random.nextInt(64)));
                yield text;
            }
            case 7 -> inserted(file, at);
            default -> half(file, header);
        };
    }

    /** A hostile number of 4 or 8 bytes, or one next to what stood there. */
    private byte[] number(byte[] file, int header) {
        byte[] damaged = file.clone();
        ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        int at = random.nextInt(Math.max(1, header - Long.BYTES));
        long old = bytes.getLong(at);
        long value = random.nextInt(4) == 0 ? old + random.nextInt(3) - 1 : HOSTILE[random.nextInt(HOSTILE.length)];
        if (random.nextBoolean()) {
            bytes.putLong(at, value);
        } else {
            bytes.putInt(at, (int) value);
        }
        return damaged;
    }

    private byte[] inserted(byte[] file, int at) {
        int length = 1 + random.nextInt(9);
        if (random.nextBoolean()) {
            byte[] longer = Arrays.copyOf(file, file.length + length);
            System.arraycopy(file, at, longer, at + length, file.length - at);
            return longer;
        }
        byte[] shorter = Arrays.copyOf(file, file.length - Math.min(length, file.length - at));
        System.arraycopy(file, Math.min(file.length, at + length), shorter, at, shorter.length - at);
        return shorter;
    }

    /** An extreme float16 among the weights, where it may be the scale of a block. */
    private byte[] half(byte[] file, int header) {
        if (file.length - header < 4) {
            return file;
        }
        byte[] damaged = file.clone();
        ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            int at = header + random.nextInt((file.length - header) / 2) * 2;
            bytes.putShort(Math.min(at, file.length - 2), HALVES[random.nextInt(HALVES.length)]);
        }
        return damaged;
    }
}
