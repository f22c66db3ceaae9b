package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@WithStandIn
class CudaFunctionTest {
    @Test
    void everyKernelIsBoundWithTheParametersThatItsCompilerSees() {
        assertThat(Arrays.stream(CudaFunction.values())
                        .collect(Collectors.toMap(CudaFunction::symbol, CudaFunction::parameters)))
                .isEqualTo(StandIn.driver().kernels());
    }
}
