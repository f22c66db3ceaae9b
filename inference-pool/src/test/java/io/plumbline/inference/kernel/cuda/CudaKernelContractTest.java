package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelContractTest;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(
        value = "io.plumbline.inference.kernel.cuda.StandInProvider#isBuilt",
        disabledReason = "no CUDA stand-in in this build: no C++ compiler")
class CudaKernelContractTest extends KernelContractTest {
    @Override
    protected BackendProvider provider() {
        return new StandInProvider();
    }
}
