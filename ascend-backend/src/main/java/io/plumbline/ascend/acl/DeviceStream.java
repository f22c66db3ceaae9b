package io.plumbline.ascend.acl;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A stream of our own: work that was put on it runs in order. */
final class DeviceStream implements AutoCloseable {
    private final AclLibrary library;
    private final MemorySegment handle;
    private boolean given;

    private DeviceStream(AclLibrary library, MemorySegment handle) {
        this.library = library;
        this.handle = handle;
    }

    static DeviceStream create(AclLibrary library) {
        return new DeviceStream(library, MemorySegment.ofAddress(library.checkResult("aclrtCreateStream")));
    }

    MemorySegment handle() {
        return handle;
    }

    /**
     * Waits until everything on the stream is done.
     *
     * @throws DeviceTimeoutException if that takes longer
     * @throws DeviceFaultException if the device failed since the last time
     */
    void synchronize(Duration timeout) {
        library.check("aclrtSynchronizeStreamWithTimeout", handle, Math.toIntExact(timeout.toMillis()));
    }

    /** Gives up what is on the stream; it can only be closed after this. */
    void abort() {
        given = true;
        library.check("aclrtStreamAbort", handle);
    }

    @Override
    public void close() {
        library.check(given ? "aclrtDestroyStreamForce" : "aclrtDestroyStream", handle);
    }
}
