package io.plumbline.ascend.acl;

/** This device or toolkit cannot run the operation with these shapes and types. */
public final class OperationUnsupportedException extends AclException {
    private static final long serialVersionUID = 1L;

    OperationUnsupportedException(AclFailure failure) {
        super(failure);
    }
}
