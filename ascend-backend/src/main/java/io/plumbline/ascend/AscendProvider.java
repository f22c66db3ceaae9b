package io.plumbline.ascend;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Answers for the backend named {@code ascend}. Loads no native code. */
public final class AscendProvider implements BackendProvider {
    private final AscendHost host;

    /** For {@code ServiceLoader}: this machine. */
    public AscendProvider() {
        this(AscendHost.look(
                System.getenv().getOrDefault("ASCEND_TOOLKIT_HOME", ""),
                System.getenv().getOrDefault("LD_LIBRARY_PATH", ""),
                Path.of("/dev")));
    }

    AscendProvider(AscendHost host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "ascend";
    }

    @Override
    public Availability probe() {
        List<String> reasons = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        if (host.deviceFiles().isEmpty()) {
            reasons.add("no Ascend device (/dev/davinci0 is missing)");
            remedies.add("install the Ascend driver and firmware, or pass the device into the container");
        }
        if (host.runtimeLibrary().isEmpty()) {
            reasons.add("no CANN runtime (libascendcl.so is in none of %s)".formatted(host.searched()));
            remedies.add("install the CANN toolkit 8.0 or later and source its set_env.sh before starting");
        }
        // Said even where driver and toolkit are there: a machine with an NPU must not hear that it lacks one.
        reasons.add("this version of Plumbline has no Ascend kernels");
        remedies.add("use the backend 'cpu', or serve the adapter from an external Ascend engine");
        return new Availability.Unavailable(String.join("; ", reasons), String.join("; ", remedies));
    }

    @Override
    public Backend open(BackendOptions options) {
        Availability.Unavailable unavailable = (Availability.Unavailable) probe();
        throw new KernelException("backend 'ascend' cannot be opened: %s. Remedy: %s."
                .formatted(unavailable.reason(), unavailable.remedy()));
    }
}
