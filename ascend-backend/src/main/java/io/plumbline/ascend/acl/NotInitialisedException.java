package io.plumbline.ascend.acl;

/** The runtime was not initialised, or has ended. */
public final class NotInitialisedException extends AclException {
    private static final long serialVersionUID = 1L;

    NotInitialisedException(AclFailure failure) {
        super(failure);
    }
}
