package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.BitStabilityContractTest;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "nativeKernels", disabledReason = "no native kernels in this build: no C compiler")
class CpuBitStabilityContractTest extends BitStabilityContractTest {
    @Override
    protected BackendProvider provider() {
        return new CpuProvider();
    }

    static boolean nativeKernels() {
        return CpuRuntime.isBuilt();
    }
}
