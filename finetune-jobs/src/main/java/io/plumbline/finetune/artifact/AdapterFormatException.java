package io.plumbline.finetune.artifact;

/** An adapter folder that this product cannot train on; the message says why and what to do. */
public final class AdapterFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AdapterFormatException(String message) {
        super(message);
    }
}
