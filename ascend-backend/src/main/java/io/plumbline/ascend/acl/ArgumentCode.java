package io.plumbline.ascend.acl;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** What a C parameter is; the codes of the tables. */
public enum ArgumentCode {
    POINTER("ptr", ValueLayout.ADDRESS),
    STRING("str", ValueLayout.ADDRESS),
    TENSOR("T", ValueLayout.ADDRESS),
    TENSOR_LIST("TL", ValueLayout.ADDRESS),
    INT_ARRAY("IA", ValueLayout.ADDRESS),
    SCALAR("SC", ValueLayout.ADDRESS),
    BOOL("b", ValueLayout.JAVA_BOOLEAN),
    INT8("i8", ValueLayout.JAVA_BYTE),
    INT32("i32", ValueLayout.JAVA_INT),
    UINT32("u32", ValueLayout.JAVA_INT),
    DATA_TYPE("dt", ValueLayout.JAVA_INT),
    INT64("i64", ValueLayout.JAVA_LONG),
    /** Also {@code size_t}. */
    UINT64("u64", ValueLayout.JAVA_LONG),
    FLOAT32("f32", ValueLayout.JAVA_FLOAT),
    FLOAT64("f64", ValueLayout.JAVA_DOUBLE);

    private final String code;
    private final MemoryLayout layout;

    ArgumentCode(String code, MemoryLayout layout) {
        this.code = code;
        this.layout = layout;
    }

    /** How the tables write it. */
    public String code() {
        return code;
    }

    MemoryLayout layout() {
        return layout;
    }

    /** Whether C takes an address. */
    public boolean isAddress() {
        return layout.equals(ValueLayout.ADDRESS);
    }

    static ArgumentCode of(String code) {
        return Arrays.stream(values())
                .filter(candidate -> candidate.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such argument code: " + code));
    }
}
