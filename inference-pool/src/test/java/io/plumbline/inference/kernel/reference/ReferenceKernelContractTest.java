package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelContractTest;

class ReferenceKernelContractTest extends KernelContractTest {
    @Override
    protected BackendProvider provider() {
        return new ReferenceProvider();
    }
}
