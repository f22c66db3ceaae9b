package io.plumbline.inference.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference and the Vector API agree to the last bit (ADR 0002, ADR 0014). */
class VectorCanonicalArithmeticTest {
    static List<KernelCase> cases() {
        return KernelCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyNumberOfThreadsAgreesToTheBit(KernelCase kernelCase) {
        int[] expected = kernelCase.bitsOn(new ReferenceProvider(), 1);
        for (int threads : new int[] {1, 3}) {
            assertThat(kernelCase.bitsOn(new VectorProvider(), threads))
                    .as("%d threads", threads)
                    .isEqualTo(expected);
        }
    }
}
