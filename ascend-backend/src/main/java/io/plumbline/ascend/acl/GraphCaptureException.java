package io.plumbline.ascend.acl;

/** A graph could not be captured or replayed; the device is well. */
public final class GraphCaptureException extends AclException {
    private static final long serialVersionUID = 1L;

    GraphCaptureException(AclFailure failure) {
        super(failure);
    }
}
