package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.BitStabilityContractTest;
import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.KernelContractTest;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** The whole contract on a real GPU, where there is one. */
@Tag("cuda")
class CudaDeviceTest {
    @BeforeAll
    static void device() {
        if (new CudaProvider().probe() instanceof Unavailable(String reason, String remedy)) {
            String message = "no kernel is tested on a GPU: %s. Remedy: %s".formatted(reason, remedy);
            System.out.println(message);
            throw new TestAbortedException(message);
        }
    }

    @Nested
    class Contract extends KernelContractTest {
        @Override
        protected BackendProvider provider() {
            return new CudaProvider();
        }
    }

    @Nested
    class BitStability extends BitStabilityContractTest {
        @Override
        protected BackendProvider provider() {
            return new CudaProvider();
        }
    }

    @Nested
    class CanonicalArithmetic {
        static List<KernelCase> cases() {
            return KernelCase.all();
        }

        @ParameterizedTest
        @MethodSource("cases")
        void theDeviceAgreesToTheBit(KernelCase kernelCase) {
            assertThat(kernelCase.bitsOn(new CudaProvider(), 1))
                    .isEqualTo(kernelCase.bitsOn(new ReferenceProvider(), 1));
        }
    }
}
