package io.plumbline.compliance.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of an export behind its header: {@code {"leaf_hash":"…","entry":…}} and {@code {"tree_head":…}}. The bytes of
 * the entry stand there as they were hashed.
 */
public sealed interface ExportLine {
    /** An entry and its leaf hash. */
    record Entry(byte[] bytes, MerkleHash leafHash) implements ExportLine {
        @Override
        public byte[] line() {
            String start = ENTRY_START + leafHash.hex() + ENTRY_MIDDLE;
            byte[] line = Arrays.copyOf(ascii(start), start.length() + bytes.length + 1);
            System.arraycopy(bytes, 0, line, start.length(), bytes.length);
            line[line.length - 1] = '}';
            return line;
        }
    }

    /** A tree head; it stands after the last entry that it covers. */
    record Head(SignedTreeHead head) implements ExportLine {
        @Override
        public byte[] line() {
            return (HEAD_START + head.json() + "}").getBytes(StandardCharsets.UTF_8);
        }
    }

    String ENTRY_START = "{\"leaf_hash\":\"";
    String ENTRY_MIDDLE = "\",\"entry\":";
    String HEAD_START = "{\"tree_head\":";

    /** The line without its end. */
    byte[] line();

    /** @throws IllegalArgumentException if this is neither, in its one form */
    static ExportLine parse(byte[] line) {
        if (startsWith(line, HEAD_START)) {
            byte[] json = Arrays.copyOfRange(line, HEAD_START.length(), Math.max(HEAD_START.length(), line.length - 1));
            Head head = new Head(SignedTreeHead.parse(json));
            return canonical(head, line);
        }
        int hashAt = ENTRY_START.length();
        int entryAt = hashAt + 2 * MerkleHash.BYTES + ENTRY_MIDDLE.length();
        if (!startsWith(line, ENTRY_START) || line.length <= entryAt) {
            throw new IllegalArgumentException("the line is neither an entry nor a tree head");
        }
        String hex = new String(line, hashAt, 2 * MerkleHash.BYTES, StandardCharsets.ISO_8859_1);
        byte[] bytes = Arrays.copyOfRange(line, entryAt, line.length - 1);
        return canonical(new Entry(bytes, MerkleHash.ofHex(hex)), line);
    }

    private static ExportLine canonical(ExportLine parsed, byte[] line) {
        if (!Arrays.equals(parsed.line(), line)) {
            throw new IllegalArgumentException("the line is not in its canonical form");
        }
        return parsed;
    }

    private static boolean startsWith(byte[] line, String start) {
        byte[] bytes = ascii(start);
        return line.length >= bytes.length && Arrays.equals(line, 0, bytes.length, bytes, 0, bytes.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
