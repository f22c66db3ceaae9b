package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference and the CUDA kernels agree to the last bit (ADR 0002, ADR 0014, ADR 0025). */
@WithStandIn
class CudaCanonicalArithmeticTest {
    static List<KernelCase> cases() {
        return KernelCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theKernelsAgreeToTheBit(KernelCase kernelCase) {
        assertThat(kernelCase.bitsOn(new StandInProvider(), 1))
                .isEqualTo(kernelCase.bitsOn(new ReferenceProvider(), 1));
    }
}
