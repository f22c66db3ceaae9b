package io.plumbline.platform.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** Stands between a pool and a server, and cuts every connection after so many bytes of the server's answers. */
final class Relay implements AutoCloseable {
    private final ServerSocket door;
    private final int server;
    private final int bytes;

    /**
     * A relay.
     *
     * @param server port of the server on this machine
     * @param bytes after which it cuts; those that came at once with them are lost
     */
    Relay(int server, int bytes) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        this.bytes = bytes;
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
            pass(there, client, bytes);
        } catch (IOException cut) {
            // One of both hung up.
        }
    }

    private static void pass(Socket from, Socket to, int most) {
        byte[] piece = new byte[512];
        int passed = 0;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(piece);
            while (read >= 0 && passed + read <= most) {
                out.write(piece, 0, read);
                out.flush();
                passed += read;
                read = in.read(piece);
            }
        } catch (IOException cut) {
            // One of both hung up.
        }
    }
}
