package io.plumbline.inference.pool.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads the data of a stream of server-sent events (WHATWG HTML, "Server-sent events"): lines end with LF, CR or CRLF,
 * an empty line ends an event, lines of an event's data are joined by LF, comments and other fields are passed over.
 */
final class ServerSentEvents implements AutoCloseable {
    /** No engine sends more at a time; a server that does is broken or hostile. */
    private static final int LONGEST_EVENT = 4 << 20;

    private static final int END = -1;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final Runnable onLine;
    private boolean ended;
    private boolean begun;

    /** @param onLine called for every line, comments too: by these a server tells that it is still at work */
    ServerSentEvents(InputStream in, Runnable onLine) {
        this.in = new BufferedInputStream(in);
        this.onLine = onLine;
    }

    /**
     * The data of the next event; empty at the end of the stream. An event that the end cuts off is not delivered.
     *
     * @throws IOException if the stream breaks or an event is too long
     */
    Optional<String> next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean any = false;
        while (!ended) {
            String line = line();
            if (ended) {
                break;
            }
            onLine.run();
            if (line.isEmpty()) {
                if (any) {
                    return Optional.of(data.toString());
                }
                continue;
            }
            Optional<String> value = dataOf(line);
            if (value.isPresent()) {
                if (data.length() + value.get().length() > LONGEST_EVENT) {
                    throw new IOException("an event of more than %d characters".formatted(LONGEST_EVENT));
                }
                data.append(any ? "\n" : "").append(value.get());
                any = true;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static Optional<String> dataOf(String line) {
        if (line.equals("data")) {
            return Optional.of("");
        }
        if (!line.startsWith("data:")) {
            return Optional.empty();
        }
        return Optional.of(line.substring(line.startsWith("data: ") ? 6 : 5));
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next == END) {
                ended = true;
                return "";
            }
            if (next == '\n') {
                return text(bytes);
            }
            if (next == '\r') {
                passOverLineFeed();
                return text(bytes);
            }
            if (bytes.size() > LONGEST_EVENT) {
                throw new IOException("a line of more than %d bytes".formatted(LONGEST_EVENT));
            }
            bytes.write(next);
        }
    }

    /** A CR counts at once; a LF behind it, if it is there, belongs to it. */
    private void passOverLineFeed() throws IOException {
        if (in.available() > 0) {
            in.mark(1);
            if (in.read() != '\n') {
                in.reset();
            }
        }
    }

    private String text(ByteArrayOutputStream bytes) {
        byte[] line = bytes.toByteArray();
        boolean marked = !begun && line.length >= 3 && java.util.Arrays.equals(line, 0, 3, BYTE_ORDER_MARK, 0, 3);
        begun = true;
        return marked
                ? new String(line, 3, line.length - 3, StandardCharsets.UTF_8)
                : new String(line, StandardCharsets.UTF_8);
    }
}
