package io.plumbline.finetune.dataset;

import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads chat rows from JSON Lines, one at a time. Accepts a UTF-8 byte order mark, CR LF line ends and blank lines;
 * everything else that is not a row is reported with its line.
 */
public final class ChatRowReader implements AutoCloseable {
    private static final int[] UTF8_MARK = {0xEF, 0xBB, 0xBF};

    private final LineReader lines;
    private final DatasetLimits limits;
    private final ChatRowParser parser = new ChatRowParser();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private int rows;
    private boolean stopped;

    /** Reads {@code source}, which is closed with this reader. */
    public ChatRowReader(InputStream source, DatasetLimits limits) {
        this.lines = new LineReader(source, limits.maxLineBytes());
        this.limits = limits;
    }

    /** Opens a file with the default limits. */
    public static ChatRowReader open(Path file) throws IOException {
        return new ChatRowReader(Files.newInputStream(file), DatasetLimits.defaults());
    }

    /** The next row or broken line; empty at the end of the file or after a limit of the whole file was passed. */
    public Optional<RowResult> next() throws IOException {
        while (!stopped) {
            Optional<RawLine> line = lines.next();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            RawLine content = withoutMark(line.get());
            if (lines.bytesRead() > limits.maxFileBytes()) {
                stopped = true;
                return Optional.of(broken(
                        content, "the file is larger than %,d bytes; split it".formatted(limits.maxFileBytes())));
            }
            if (!content.blank()) {
                return Optional.of(read(content));
            }
        }
        return Optional.empty();
    }

    /** Passes over rows without looking into them; fewer if the file has no more. */
    public void skip(int count) throws IOException {
        int left = count;
        while (left > 0 && !stopped) {
            Optional<RawLine> line = lines.next();
            if (line.isEmpty()) {
                return;
            }
            if (!withoutMark(line.get()).blank()) {
                rows++;
                left--;
            }
        }
    }

    private RowResult read(RawLine line) {
        rows++;
        if (rows > limits.maxRows()) {
            stopped = true;
            return broken(line, "the file has more than %,d rows; split it".formatted(limits.maxRows()));
        }
        if (line.tooLong()) {
            return broken(
                    line,
                    "the line is longer than %,d bytes; expected one conversation a line, each ended by a line feed"
                            .formatted(limits.maxLineBytes()));
        }
        return decode(line);
    }

    private RowResult decode(RawLine line) {
        ByteBuffer bytes = ByteBuffer.wrap(line.bytes());
        CharBuffer text = CharBuffer.allocate(line.bytes().length + 1);
        CoderResult result = decoder.reset().decode(bytes, text, true);
        if (result.isError()) {
            int at = bytes.position();
            String hint = looksLikeUtf16(line.bytes()) ? " (it looks like UTF-16)" : "";
            return broken(
                    line,
                    "byte %d of the line (byte %d of the file, value 0x%02X) is not valid UTF-8%s; save the file as UTF-8"
                            .formatted(at + 1, line.fileOffset() + at + 1, line.bytes()[at] & 0xFF, hint));
        }
        return parser.parse(line.number(), text.flip().toString());
    }

    private static boolean looksLikeUtf16(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
        return first == 0xFEFF || first == 0xFFFE;
    }

    private static RawLine withoutMark(RawLine line) {
        byte[] bytes = line.bytes();
        if (line.number() != 1 || bytes.length < UTF8_MARK.length) {
            return line;
        }
        for (int i = 0; i < UTF8_MARK.length; i++) {
            if ((bytes[i] & 0xFF) != UTF8_MARK[i]) {
                return line;
            }
        }
        byte[] rest = Arrays.copyOfRange(bytes, UTF8_MARK.length, bytes.length);
        return new RawLine(1, UTF8_MARK.length, rest, line.tooLong());
    }

    private static RowResult broken(RawLine line, String reason) {
        return new RowResult.Broken(List.of(new Problem(line.number(), "", reason)));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
