package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.kernel.ffm.InstructionSet;
import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.kernel.host.PortableLogitPasses;
import java.util.List;
import java.util.Optional;

/** Native kernels, if this build has them and this processor can run them. */
public final class CpuProvider implements BackendProvider {
    static final String NAME = "cpu";

    /** What is lost without this backend. */
    private static final String INSTEAD =
            " until then the vector backend gives the same results, at a third to a half of the speed";

    /** What came of loading the library. */
    private sealed interface Outcome {
        record Loaded(CpuRuntime runtime) implements Outcome {}

        record Failed(String reason) implements Outcome {}
    }

    /** The library, loaded once per process on first use; a failure is kept too. */
    private static final class Library {
        static final Outcome OUTCOME = load();

        private static Outcome load() {
            try {
                return new Outcome.Loaded(CpuRuntime.load());
            } catch (KernelException e) {
                return new Outcome.Failed(String.valueOf(e.getMessage()));
            }
        }
    }

    private final Optional<InstructionSet> forced;

    public CpuProvider() {
        this.forced = Optional.empty();
    }

    /** A provider that opens this instruction set instead of the best one; for tests that compare them. */
    CpuProvider(InstructionSet instructionSet) {
        this.forced = Optional.of(instructionSet);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Availability probe() {
        if (!CpuRuntime.isBuilt()) {
            return new Unavailable(
                    "this build has no native kernels for " + CpuRuntime.platform(),
                    "on Linux x86-64 or aarch64 install a C compiler (apt-get install gcc libc6-dev) and build again;"
                            + INSTEAD);
        }
        return switch (Library.OUTCOME) {
            case Outcome.Failed(String reason) ->
                new Unavailable(reason, "give the process a temporary folder it may write to and load from");
            case Outcome.Loaded(CpuRuntime runtime)
            when runtime.instructionSets().isEmpty() ->
                new Unavailable(
                        "this processor has no AVX2 with FMA and F16C",
                        "use a processor from 2013 or later (in a virtual machine: pass the host's CPU through);"
                                + INSTEAD);
            case Outcome.Loaded(CpuRuntime runtime) ->
                new Available(Available.NATIVE_KERNELS, describe(best(runtime.instructionSets())));
        };
    }

    private static InstructionSet best(List<InstructionSet> sets) {
        return sets.getLast();
    }

    static String describe(InstructionSet instructionSet) {
        return "native kernels for %s on %s".formatted(instructionSet, CpuRuntime.platform());
    }

    /** The passes of sampling: native ones if this build and processor have them, which backend runs the model or not. */
    public static LogitPasses logitPasses() {
        if (CpuRuntime.isBuilt()
                && Library.OUTCOME instanceof Outcome.Loaded(CpuRuntime runtime)
                && !runtime.instructionSets().isEmpty()) {
            return runtime.logitPasses(best(runtime.instructionSets()));
        }
        return new PortableLogitPasses();
    }

    @Override
    public Backend open(BackendOptions options) {
        if (probe() instanceof Unavailable(String reason, String remedy)) {
            throw new KernelException("backend 'cpu' cannot run here: %s. Remedy: %s".formatted(reason, remedy));
        }
        return switch (Library.OUTCOME) {
            case Outcome.Failed(String reason) -> throw new KernelException(reason);
            case Outcome.Loaded(CpuRuntime runtime) ->
                new CpuBackend(runtime, forced.orElseGet(() -> best(runtime.instructionSets())), options);
        };
    }
}
