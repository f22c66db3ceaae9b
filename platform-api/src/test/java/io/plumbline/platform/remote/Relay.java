package io.plumbline.platform.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Stands between a pool and a server, and cuts a connection after so many server-sent events. */
final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final int server;
    private final int events;

    /**
     * A relay.
     *
     * @param server port of the server on this machine
     * @param events that it lets pass whole; it cuts where the next one begins
     */
    Relay(int server, int events) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        this.events = events;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> join(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void join(Socket client) {
        try (client;
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server)) {
            Thread.ofVirtual().start(() -> pass(client, there, Integer.MAX_VALUE));
            pass(there, client, events);
        } catch (IOException cut) {
            // One of both hung up.
        }
    }

    private static void pass(Socket from, Socket to, int events) {
        byte[] piece = new byte[512];
        Beginnings beginnings = new Beginnings();
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(piece);
            while (read >= 0) {
                int most = beginnings.upTo(events, piece, read);
                out.write(piece, 0, most);
                out.flush();
                read = most < read ? -1 : in.read(piece);
            }
        } catch (IOException cut) {
            // One of both hung up.
        }
    }

    /** Counts where events begin, over the borders of pieces. */
    private static final class Beginnings {
        private static final byte[] MARK = "data: {".getBytes(StandardCharsets.US_ASCII);

        private int matched;
        private int met;

        /** How many bytes of a piece come before event {@code events + 1}, its mark left out as far as it is in the piece. */
        int upTo(int events, byte[] piece, int length) {
            for (int i = 0; i < length; i++) {
                matched = piece[i] == MARK[matched] ? matched + 1 : piece[i] == MARK[0] ? 1 : 0;
                if (matched == MARK.length) {
                    matched = 0;
                    met++;
                    if (met > events) {
                        return Math.max(0, i + 1 - MARK.length);
                    }
                }
            }
            return length;
        }
    }
}
