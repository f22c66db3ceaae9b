package io.plumbline.platform.error;

/** The body is larger than its route takes. */
@AnswersWith(status = 413, code = "body_too_large")
public final class BodyTooLarge extends PlatformException {
    private static final long serialVersionUID = 1L;

    public BodyTooLarge(long limitBytes) {
        super(
                "The body is larger than the %d bytes that this route takes. Send less, or split it into several requests."
                        .formatted(limitBytes));
    }
}
