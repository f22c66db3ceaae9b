package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelContractTest;
import org.junit.jupiter.api.BeforeAll;

class NeonKernelContractTest extends KernelContractTest {
    @BeforeAll
    static void emulator() {
        EmulatedProvider.assumePossible();
    }

    @Override
    protected BackendProvider provider() {
        return EmulatedProvider.best();
    }
}
