package io.plumbline.ascend.acl;

/** The runtime failed inside. */
public final class RuntimeInternalException extends AclException {
    private static final long serialVersionUID = 1L;

    RuntimeInternalException(AclFailure failure) {
        super(failure);
    }
}
