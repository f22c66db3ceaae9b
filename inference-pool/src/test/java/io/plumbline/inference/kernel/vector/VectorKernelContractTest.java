package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelContractTest;

class VectorKernelContractTest extends KernelContractTest {
    @Override
    protected BackendProvider provider() {
        return new VectorProvider();
    }
}
