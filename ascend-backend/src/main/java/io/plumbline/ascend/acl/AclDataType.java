package io.plumbline.ascend.acl;

/** Element types of tensors, with their numbers in the interface. */
public enum AclDataType {
    FLOAT(0, 32),
    FLOAT16(1, 16),
    INT8(2, 8),
    INT32(3, 32),
    INT64(9, 64),
    BF16(27, 16),
    /** Two per byte along the innermost storage axis, the even element in the low half, two's complement. */
    INT4(29, 4);

    private final int number;
    private final int bits;

    AclDataType(int number, int bits) {
        this.number = number;
        this.bits = bits;
    }

    public int number() {
        return number;
    }

    /** Bytes of so many elements. */
    public long bytes(long elements) {
        return (elements * bits + 7) / 8;
    }
}
