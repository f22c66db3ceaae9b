package io.plumbline.ascend.kernel;

import io.plumbline.ascend.standin.StandIn;

class SplitToolkitKernelTest extends AscendKernelTest {
    SplitToolkitKernelTest() {
        super(StandIn.SPLIT);
    }
}
