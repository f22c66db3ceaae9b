package io.plumbline.platform.outbox;

import org.jspecify.annotations.Nullable;

/** A message that no consumer can ever handle; it goes to the dead-letter topic. */
public final class PoisonMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PoisonMessage(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
