package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelContractTest;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "nativeKernels", disabledReason = "no native kernels in this build: no C compiler")
class CpuKernelContractTest extends KernelContractTest {
    @Override
    protected BackendProvider provider() {
        return new CpuProvider();
    }

    static boolean nativeKernels() {
        return CpuRuntime.isBuilt();
    }
}
