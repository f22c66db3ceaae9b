package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.kernel.ffm.EmulatedLibrary;
import io.plumbline.inference.kernel.ffm.InstructionSet;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** The cpu backend on an emulated 64-bit ARM processor. */
record EmulatedProvider(CpuRuntime runtime, InstructionSet instructionSet) implements BackendProvider {
    /** The best instruction set of the emulated processor. */
    static EmulatedProvider best() {
        CpuRuntime runtime = EmulatedLibrary.runtime();
        return new EmulatedProvider(runtime, runtime.instructionSets().getLast());
    }

    /** One for every instruction set. */
    static List<EmulatedProvider> all() {
        CpuRuntime runtime = EmulatedLibrary.runtime();
        return runtime.instructionSets().stream()
                .map(set -> new EmulatedProvider(runtime, set))
                .toList();
    }

    /** Skips the tests that ask, with a line that says what is missing, where there is no emulator or cross compiler. */
    static void assumePossible() {
        EmulatedLibrary.missing().ifPresent(message -> {
            System.out.println(message);
            throw new TestAbortedException(message);
        });
    }

    @Override
    public String name() {
        return CpuProvider.NAME;
    }

    @Override
    public Availability probe() {
        return new Availability.Available(1, "emulated " + instructionSet);
    }

    @Override
    public Backend open(BackendOptions options) {
        return new CpuBackend(runtime, instructionSet, options);
    }
}
