package io.plumbline.ascend.kernel;

import io.plumbline.ascend.standin.StandIn;

class OldToolkitKernelTest extends AscendKernelTest {
    OldToolkitKernelTest() {
        super(StandIn.OLD);
    }
}
