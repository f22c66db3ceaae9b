package io.plumbline.ascend.acl;

/** The work was given up because the stream was aborted. */
public final class StreamAbortedException extends AclException {
    private static final long serialVersionUID = 1L;

    StreamAbortedException(AclFailure failure) {
        super(failure);
    }
}
