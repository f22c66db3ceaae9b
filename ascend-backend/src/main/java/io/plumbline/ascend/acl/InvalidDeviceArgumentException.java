package io.plumbline.ascend.acl;

/** The runtime refuses an argument. */
public final class InvalidDeviceArgumentException extends AclException {
    private static final long serialVersionUID = 1L;

    InvalidDeviceArgumentException(AclFailure failure) {
        super(failure);
    }
}
