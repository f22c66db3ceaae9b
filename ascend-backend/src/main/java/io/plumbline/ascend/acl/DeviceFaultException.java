package io.plumbline.ascend.acl;

/** The device failed; nothing that is on it can be trusted. */
public final class DeviceFaultException extends AclException {
    private static final long serialVersionUID = 1L;

    DeviceFaultException(AclFailure failure) {
        super(failure);
    }
}
