package io.plumbline.ascend.acl;

/**
 * A native call that did not succeed.
 *
 * @param function the symbol called
 * @param code what it returned, or 0 where it returned NULL
 * @param recentMessage the runtime's own text; empty if it had none
 */
public record AclFailure(String function, int code, String recentMessage) {
    /** Name and number, such as {@code 207001 RT_MEMORY_ALLOCATION}. */
    public String codeName() {
        return code == 0
                ? "NULL"
                : AclStatus.of(code)
                        .map(status -> "%d %s".formatted(code, status.name()))
                        .orElseGet(() -> Integer.toString(code));
    }

    public ErrorKind kind() {
        return code == 0 ? ErrorKind.INVALID_ARGUMENT : AclStatus.kindOf(code);
    }

    /** For people: what failed, the runtime's words, what to do. */
    String text() {
        String words = recentMessage.isBlank() ? "" : ": " + recentMessage.strip();
        return "%s failed with %s%s. Remedy: %s".formatted(function, codeName(), words, kind().remedy());
    }

    /** The exception of this kind. */
    AclException toException() {
        return switch (kind()) {
            case STUB_LIBRARY -> new StubLibraryException(this);
            case UNAVAILABLE -> new AscendUnavailableException(this);
            case OUT_OF_MEMORY -> new DeviceOutOfMemoryException(this);
            case EXHAUSTED -> new DeviceResourcesExhaustedException(this);
            case UNSUPPORTED -> new OperationUnsupportedException(this);
            case TIMED_OUT -> new DeviceTimeoutException(this);
            case ABORTED -> new StreamAbortedException(this);
            case CAPTURE -> new GraphCaptureException(this);
            case DEVICE_FAULT -> new DeviceFaultException(this);
            case CONTEXT_MISSING -> new ContextMissingException(this);
            case NOT_INITIALISED -> new NotInitialisedException(this);
            case INVALID_ARGUMENT -> new InvalidDeviceArgumentException(this);
            case INTERNAL -> new RuntimeInternalException(this);
        };
    }
}
