package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.BitStabilityContractTest;

class ReferenceBitStabilityContractTest extends BitStabilityContractTest {
    @Override
    protected BackendProvider provider() {
        return new ReferenceProvider();
    }
}
