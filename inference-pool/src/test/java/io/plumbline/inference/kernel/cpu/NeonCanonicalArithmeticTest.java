package io.plumbline.inference.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference and the kernels for 64-bit ARM agree to the last bit (ADR 0002). */
class NeonCanonicalArithmeticTest {
    @BeforeAll
    static void emulator() {
        EmulatedProvider.assumePossible();
    }

    static List<KernelCase> cases() {
        return KernelCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyInstructionSetAgreesToTheBit(KernelCase kernelCase) {
        int[] expected = kernelCase.bitsOn(new ReferenceProvider(), 1);
        for (EmulatedProvider provider : EmulatedProvider.all()) {
            assertThat(kernelCase.bitsOn(provider, 2))
                    .as("%s", provider.instructionSet())
                    .isEqualTo(expected);
        }
    }
}
