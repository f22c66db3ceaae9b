package io.plumbline.ascend.acl;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;

/** What a native function returns. */
public enum NativeResult {
    /** {@code aclError} or {@code aclnnStatus}: 32 bits, 0 for success. */
    STATUS(ValueLayout.JAVA_INT),
    /** An address, NULL for failure. */
    POINTER(ValueLayout.ADDRESS);

    private final MemoryLayout layout;

    NativeResult(MemoryLayout layout) {
        this.layout = layout;
    }

    MemoryLayout layout() {
        return layout;
    }
}
