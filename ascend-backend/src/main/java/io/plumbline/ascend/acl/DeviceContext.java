package io.plumbline.ascend.acl;

import java.lang.foreign.MemorySegment;

/** A context of our own on one device; current on the thread that created it. */
final class DeviceContext implements AutoCloseable {
    private static final int DETERMINISTIC = 0;

    private final AclLibrary library;
    private final int device;
    private final MemorySegment handle;
    private boolean force;

    private DeviceContext(AclLibrary library, int device, MemorySegment handle) {
        this.library = library;
        this.device = device;
        this.handle = handle;
    }

    /** Takes the device, creates the context and asks for results that do not depend on timing. */
    static DeviceContext create(AclLibrary library, int device) {
        library.check("aclrtSetDevice", device);
        try {
            long address = library.checkResult("aclrtCreateContext", device);
            DeviceContext context = new DeviceContext(library, device, MemorySegment.ofAddress(address));
            try {
                library.check("aclrtCtxSetSysParamOpt", DETERMINISTIC, 1L);
                return context;
            } catch (RuntimeException e) {
                library.check("aclrtDestroyContext", context.handle);
                throw e;
            }
        } catch (RuntimeException e) {
            library.check("aclrtResetDevice", device);
            throw e;
        }
    }

    /** The device failed: {@link #close} resets it for everyone in this process. */
    void forceReset() {
        force = true;
    }

    @Override
    public void close() {
        try {
            library.check("aclrtDestroyContext", handle);
        } finally {
            library.check(force ? "aclrtResetDeviceForce" : "aclrtResetDevice", device);
        }
    }
}
