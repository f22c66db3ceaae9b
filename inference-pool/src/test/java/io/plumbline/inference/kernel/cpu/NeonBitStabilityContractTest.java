package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.BitStabilityContractTest;
import org.junit.jupiter.api.BeforeAll;

class NeonBitStabilityContractTest extends BitStabilityContractTest {
    @BeforeAll
    static void emulator() {
        EmulatedProvider.assumePossible();
    }

    @Override
    protected BackendProvider provider() {
        return EmulatedProvider.best();
    }
}
