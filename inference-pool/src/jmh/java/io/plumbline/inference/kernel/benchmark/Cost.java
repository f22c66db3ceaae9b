package io.plumbline.inference.kernel.benchmark;

/**
 * What one run of a kernel takes.
 *
 * @param streamed bytes of operands that come from memory: the next run has other copies of them
 * @param resident bytes of operands that every run has again, each read or write counted once
 * @param residentSet bytes that these operands take, which decide the cache they come from
 * @param operations multiplications and additions
 * @param integer whether these are products of 8-bit codes
 */
record Cost(double streamed, double resident, double residentSet, double operations, boolean integer) {
    /** Of a kernel that works on what was just computed. */
    static Cost resident(double bytes, double set, double operations) {
        return new Cost(0, bytes, set, operations, false);
    }

    void addTo(Work work) {
        work.streamed += streamed;
        work.resident += resident;
        work.residentSet += residentSet;
        work.floatOperations += integer ? 0 : operations;
        work.integerOperations += integer ? operations : 0;
    }
}
