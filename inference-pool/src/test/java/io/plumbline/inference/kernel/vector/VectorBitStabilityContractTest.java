package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.BitStabilityContractTest;

class VectorBitStabilityContractTest extends BitStabilityContractTest {
    @Override
    protected BackendProvider provider() {
        return new VectorProvider();
    }
}
