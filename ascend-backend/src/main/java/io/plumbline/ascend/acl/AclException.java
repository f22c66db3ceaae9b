package io.plumbline.ascend.acl;

import io.plumbline.inference.kernel.KernelException;

/** A native call failed. Each kind of failure is a class of its own, because each asks for another reaction. */
public abstract sealed class AclException extends KernelException
        permits StubLibraryException,
                AscendUnavailableException,
                DeviceOutOfMemoryException,
                DeviceResourcesExhaustedException,
                OperationUnsupportedException,
                DeviceTimeoutException,
                StreamAbortedException,
                GraphCaptureException,
                DeviceFaultException,
                ContextMissingException,
                NotInitialisedException,
                InvalidDeviceArgumentException,
                RuntimeInternalException {
    private static final long serialVersionUID = 1L;

    private final transient AclFailure failure;

    AclException(AclFailure failure) {
        super(failure.text());
        this.failure = failure;
    }

    /** Symbol, code and the runtime's own words. */
    public AclFailure failure() {
        return failure;
    }
}
