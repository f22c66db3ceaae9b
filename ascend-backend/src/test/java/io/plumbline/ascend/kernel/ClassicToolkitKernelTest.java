package io.plumbline.ascend.kernel;

import io.plumbline.ascend.standin.StandIn;

class ClassicToolkitKernelTest extends AscendKernelTest {
    ClassicToolkitKernelTest() {
        super(StandIn.CLASSIC);
    }
}
