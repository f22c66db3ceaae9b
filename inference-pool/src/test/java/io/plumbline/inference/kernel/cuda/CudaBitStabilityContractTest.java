package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.BitStabilityContractTest;

@WithStandIn
class CudaBitStabilityContractTest extends BitStabilityContractTest {
    @Override
    protected BackendProvider provider() {
        return new StandInProvider();
    }

    @Override
    protected int[] threads() {
        return new int[] {1};
    }
}
