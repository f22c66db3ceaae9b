package io.plumbline.finetune.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream into lines at LF or CR LF. It works on bytes, because only bytes have positions that can be reported
 * when the text is not UTF-8, and it never holds more than one line of limited length.
 */
final class LineReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream source;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private long consumed;
    private int lineNumber;

    LineReader(InputStream source, int maxLineBytes) {
        this.source = source;
        this.maxLineBytes = maxLineBytes;
    }

    /** Bytes of the file read so far, line ends included. */
    long bytesRead() {
        return consumed;
    }

    /** The next line, or empty at the end of the file. */
    Optional<RawLine> next() throws IOException {
        if (!fill()) {
            return Optional.empty();
        }
        long start = consumed;
        var line = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean ended = false;
        while (!ended && fill()) {
            int stop = indexOfLineFeed();
            int length = stop - next;
            // One byte more than the limit may be the CR of a CR LF.
            int kept = Math.min(length, maxLineBytes + 1 - line.size());
            tooLong |= kept < length;
            line.write(buffer, next, kept);
            ended = stop < end;
            consumed += length + (ended ? 1 : 0);
            next = stop + (ended ? 1 : 0);
        }
        lineNumber++;
        byte[] bytes = withoutCarriageReturn(line.toByteArray());
        return Optional.of(new RawLine(lineNumber, start, bytes, tooLong || bytes.length > maxLineBytes));
    }

    private boolean fill() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, source.read(buffer));
        }
        return end > 0;
    }

    private int indexOfLineFeed() {
        int i = next;
        while (i < end && buffer[i] != '\n') {
            i++;
        }
        return i;
    }

    private static byte[] withoutCarriageReturn(byte[] bytes) {
        boolean ends = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return ends ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
