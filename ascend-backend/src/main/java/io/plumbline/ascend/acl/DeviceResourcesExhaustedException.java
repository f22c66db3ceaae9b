package io.plumbline.ascend.acl;

/** The device has no streams, events or other resources left. */
public final class DeviceResourcesExhaustedException extends AclException {
    private static final long serialVersionUID = 1L;

    DeviceResourcesExhaustedException(AclFailure failure) {
        super(failure);
    }
}
