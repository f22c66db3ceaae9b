package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelContractTest;

@WithStandIn
class CudaKernelContractTest extends KernelContractTest {
    @Override
    protected BackendProvider provider() {
        return new StandInProvider();
    }
}
