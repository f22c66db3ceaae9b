package io.plumbline.ascend.acl;

import java.lang.foreign.MemorySegment;

/**
 * One reference to the initialised runtime. Initialisation is counted; only our own count is given back, because other
 * code of the process may use the runtime too.
 */
public final class RuntimeReference implements AutoCloseable {
    private final AclLibrary library;

    private RuntimeReference(AclLibrary library) {
        this.library = library;
    }

    /**
     * Initialises the runtime, or adds to its count.
     *
     * @throws AclException if it cannot be initialised
     */
    public static RuntimeReference acquire(AclLibrary library) {
        int code = library.status("aclInit", MemorySegment.NULL);
        if (code != 0 && code != AclStatus.REPEAT_INITIALIZE.code()) {
            throw library.failure("aclInit", code);
        }
        return new RuntimeReference(library);
    }

    @Override
    public void close() {
        library.checkResult("aclFinalizeReference");
    }
}
