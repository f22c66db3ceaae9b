package io.plumbline.inference.kernel.benchmark;

/**
 * What one run of a kernel takes.
 *
 * @param streamed bytes of operands that are read from memory: the next run has other copies of them
 * @param resident what every run does again with the same memory
 * @param operations multiplications and additions; one in double precision counts as two
 * @param arithmetic what they are taken in
 */
record Cost(double streamed, Resident resident, double operations, Arithmetic arithmetic) {
    /** What the peak of the operations is. */
    enum Arithmetic {
        FLOAT32,
        /** Products of 8-bit codes. */
        INT8
    }

    /**
     * Operands that every run has again, each byte counted once.
     *
     * @param read bytes
     * @param written bytes
     * @param set bytes of memory that they take, which decide the cache they come from
     */
    record Resident(double read, double written, double set) {
        /** Operands of which each byte is either read or written. */
        static Resident of(double read, double written) {
            return new Resident(read, written, read + written);
        }
    }

    /** Of a kernel that works on what was just computed. */
    static Cost resident(double read, double written, double set, double operations) {
        return new Cost(0, new Resident(read, written, set), operations, Arithmetic.FLOAT32);
    }

    /** Of a kernel that reads so much from memory for operands that were just computed. */
    static Cost streamed(double bytes, Resident resident, double operations) {
        return new Cost(bytes, resident, operations, Arithmetic.FLOAT32);
    }

    Cost in(Arithmetic other) {
        return new Cost(streamed, resident, operations, other);
    }
}
