package io.plumbline.inference.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.kernel.ffm.InstructionSet;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference, every instruction set and every number of threads agree to the last bit (ADR 0002). */
class CanonicalArithmeticTest {
    private static List<InstructionSet> instructionSets = List.of();

    @BeforeAll
    static void nativeKernels() {
        assumeTrue(CpuRuntime.isBuilt(), "no native kernels in this build: no C compiler");
        instructionSets = CpuRuntime.load().instructionSets();
    }

    static List<KernelCase> cases() {
        return KernelCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyBackendAgreesToTheBit(KernelCase kernelCase) {
        int[] expected = kernelCase.bitsOn(new ReferenceProvider(), 1);
        for (InstructionSet instructionSet : instructionSets) {
            for (int threads : new int[] {1, 2, 5}) {
                assertThat(kernelCase.bitsOn(new CpuProvider(instructionSet), threads))
                        .as("%s, %d threads", instructionSet, threads)
                        .isEqualTo(expected);
            }
        }
    }
}
