package io.plumbline.ascend.acl;

/** The device has no memory left. */
public final class DeviceOutOfMemoryException extends AclException {
    private static final long serialVersionUID = 1L;

    DeviceOutOfMemoryException(AclFailure failure) {
        super(failure);
    }
}
