package io.plumbline.ascend.acl;

/** The calling thread has no context, or that of another stream. */
public final class ContextMissingException extends AclException {
    private static final long serialVersionUID = 1L;

    ContextMissingException(AclFailure failure) {
        super(failure);
    }
}
