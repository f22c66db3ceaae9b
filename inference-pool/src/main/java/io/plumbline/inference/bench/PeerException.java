package io.plumbline.inference.bench;

/** The peer could not be measured; our own figures stand without it. */
final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PeerException(String message) {
        super(message);
    }
}
