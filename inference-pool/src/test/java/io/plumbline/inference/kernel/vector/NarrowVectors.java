package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.Arrays;
import java.util.stream.Stream;

/** Compares the vector backend with the reference in a process whose vectors are narrow; prints what differs. */
final class NarrowVectors {
    private NarrowVectors() {}

    /** Products do not depend on the format once it is unpacked: one with minima, one with two groups, one plain. */
    private static boolean isTold(KernelCase kernelCase) {
        String name = kernelCase.name();
        return !name.contains("atmul") || Stream.of("Q4_1", "Q6_K", "F32").anyMatch(name::contains);
    }

    public static void main(String[] arguments) {
        int compared = 0;
        for (KernelCase kernelCase : KernelCase.all()) {
            if (isTold(kernelCase)) {
                compared++;
                int[] expected = kernelCase.bitsOn(new ReferenceProvider(), 1);
                if (!Arrays.equals(kernelCase.bitsOn(new VectorProvider(), 2), expected)) {
                    System.out.println("differs: " + kernelCase);
                }
            }
        }
        System.out.printf("%s: %d cases compared%n", VectorBackend.describe(), compared);
    }
}
