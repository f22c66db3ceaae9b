package io.plumbline.ascend.acl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What phase 1 of an operator made. Phase 2 takes it, whether it succeeds or not; else it must be destroyed. */
final class OperatorExecutor implements AutoCloseable {
    private final AclLibrary library;
    private final OperatorSpec spec;
    private final MemorySegment handle;
    private final long workspaceBytes;
    private boolean taken;

    private OperatorExecutor(AclLibrary library, OperatorSpec spec, MemorySegment handle, long workspaceBytes) {
        this.library = library;
        this.spec = spec;
        this.handle = handle;
        this.workspaceBytes = workspaceBytes;
    }

    /**
     * Phase 1.
     *
     * @throws AclException if the runtime refuses the arguments; nothing is left behind then
     */
    static OperatorExecutor plan(AclLibrary library, OperatorSpec spec, Object[] arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment workspaceBytes = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment executor = arena.allocate(ValueLayout.ADDRESS);
            Object[] all = new Object[arguments.length + 2];
            System.arraycopy(arguments, 0, all, 0, arguments.length);
            all[arguments.length] = workspaceBytes;
            all[arguments.length + 1] = executor;
            library.check(spec.planning().name(), all);
            return new OperatorExecutor(
                    library, spec, executor.get(ValueLayout.ADDRESS, 0), workspaceBytes.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    long workspaceBytes() {
        return workspaceBytes;
    }

    /** Phase 2. */
    void launch(MemorySegment workspace, long bytes, DeviceStream stream) {
        taken = true;
        library.check(spec.launching().name(), workspace, bytes, handle, stream.handle());
    }

    @Override
    public void close() {
        if (!taken) {
            library.check("aclDestroyAclOpExecutor", handle);
        }
    }
}
