package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.Arrays;

/**
 * Compares every operation on the GPU of this machine with the reference backend, to the bit, without a build or a test
 * framework: {@code src/test/cuda/carry.sh} puts together what a bare machine needs. Ends with 0 if all bits agree.
 */
public final class CudaDeviceCheck {
    private CudaDeviceCheck() {}

    public static void main(String[] arguments) {
        CudaProvider provider = new CudaProvider();
        switch (provider.probe()) {
            case Unavailable(String reason, String remedy) -> {
                System.out.printf("no GPU to check: %s. Remedy: %s%n", reason, remedy);
                System.exit(2);
            }
            case Available available -> System.out.println(available.description());
        }
        int cases = 0;
        int wrong = 0;
        for (KernelCase kernelCase : KernelCase.all()) {
            cases++;
            String finding = finding(kernelCase, provider);
            if (!finding.isEmpty()) {
                wrong++;
                System.out.printf("WRONG %s: %s%n", kernelCase, finding);
            }
        }
        System.out.printf("%d of %d operations agree to the bit%n", cases - wrong, cases);
        System.exit(wrong == 0 ? 0 : 1);
    }

    private static String finding(KernelCase kernelCase, CudaProvider provider) {
        try {
            int[] expected = kernelCase.bitsOn(new ReferenceProvider(), 1);
            int at = Arrays.mismatch(expected, kernelCase.bitsOn(provider, 1));
            return at < 0 ? "" : "differs at %d of %d".formatted(at, expected.length);
        } catch (KernelException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
