package io.plumbline.ascend.acl;

/** Submitted work did not finish in time. */
public final class DeviceTimeoutException extends AclException {
    private static final long serialVersionUID = 1L;

    DeviceTimeoutException(AclFailure failure) {
        super(failure);
    }
}
