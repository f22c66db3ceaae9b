package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.cuda.driver.ComputeCapability;
import io.plumbline.inference.kernel.cuda.driver.CudaDriver;
import io.plumbline.inference.kernel.cuda.driver.CudaException;
import io.plumbline.inference.kernel.cuda.driver.CudaVersion;
import io.plumbline.inference.kernel.cuda.driver.DeviceProperties;
import io.plumbline.inference.kernel.cuda.driver.FailureKind;
import io.plumbline.inference.kernel.cuda.driver.ImageTarget;
import io.plumbline.inference.kernel.cuda.driver.LibraryRefusedException;
import io.plumbline.inference.kernel.cuda.driver.LibrarySearch;
import io.plumbline.inference.kernel.cuda.driver.RuntimeCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for driver, device and compiler, in this order; the first that is missing is the answer. */
final class CudaProbe {
    /** The first driver that loads code of a newer compiler of the same major version, which NVRTC 11.2 began. */
    private static final CudaVersion OLDEST_DRIVER = new CudaVersion(11, 2);

    private static final String INSTALL_DRIVER =
            "install the NVIDIA driver (in a container: run it with the NVIDIA container toolkit, --gpus all), or name the"
                    + " library in " + LibrarySearch.DRIVER;
    private static final String INSTALL_COMPILER =
            "install NVRTC for the CUDA that the driver runs, for example pip install nvidia-cuda-nvrtc-cu12 or the package"
                    + " cuda-nvrtc of the CUDA toolkit, or name the library in " + LibrarySearch.COMPILER;

    private final CudaSettings settings;
    private final LibrarySearch search;

    /** What came of looking. */
    sealed interface Outcome {
        record Usable(CudaSetup setup) implements Outcome {}

        record Unusable(Unavailable why) implements Outcome {}
    }

    /** Ends the search. */
    private static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Unavailable why;

        Missing(String reason, String remedy) {
            super(reason);
            this.why = new Unavailable(reason, remedy);
        }
    }

    CudaProbe(CudaSettings settings, LibrarySearch search) {
        this.settings = settings;
        this.search = search;
    }

    Outcome outcome() {
        try {
            CudaDriver driver = driver();
            DeviceProperties device = device(driver);
            return new Outcome.Usable(compiler(driver, device));
        } catch (Missing e) {
            return new Outcome.Unusable(e.why);
        } catch (CudaException e) {
            return new Outcome.Unusable(unavailable(e));
        } catch (KernelException e) {
            return new Outcome.Unusable(new Unavailable(String.valueOf(e.getMessage()), INSTALL_DRIVER));
        }
    }

    private static Unavailable unavailable(CudaException e) {
        return new Unavailable(e.failure().what(), e.failure().kind().remedy());
    }

    private CudaDriver driver() {
        Optional<CudaException> stub = Optional.empty();
        List<String> refusals = new ArrayList<>();
        for (String place : search.drivers()) {
            try {
                CudaDriver driver = CudaDriver.open(place);
                if (driver.version().compareTo(OLDEST_DRIVER) < 0) {
                    throw new Missing(
                            "the NVIDIA driver (%s) is for CUDA %s".formatted(driver.place(), driver.version()),
                            "update the driver to one for CUDA %s or later (version 460)".formatted(OLDEST_DRIVER));
                }
                return driver;
            } catch (LibraryRefusedException e) {
                refusals.add(String.valueOf(e.getMessage()));
            } catch (CudaException e) {
                if (e.failure().kind() != FailureKind.STUB_LIBRARY) {
                    throw e;
                }
                // The real one may lie elsewhere.
                stub = Optional.of(e);
            }
        }
        if (stub.isPresent()) {
            throw stub.get();
        }
        throw new Missing("no NVIDIA driver: " + String.join("; ", refusals), INSTALL_DRIVER);
    }

    private DeviceProperties device(CudaDriver driver) {
        int count = driver.deviceCount();
        if (count == 0) {
            throw new Missing("the NVIDIA driver finds no device", FailureKind.NO_DEVICE.remedy());
        }
        int ordinal = ordinal(count);
        DeviceProperties device = driver.properties(ordinal);
        if (device.capability().compareTo(ComputeCapability.LEAST) < 0) {
            throw new Missing(
                    "device %d is a %s of compute capability %s".formatted(ordinal, device.name(), device.capability()),
                    "use a device of compute capability %s or later (Volta, 2017), chosen by %s"
                            .formatted(ComputeCapability.LEAST, CudaSettings.DEVICE));
        }
        return device;
    }

    private int ordinal(int count) {
        int ordinal;
        try {
            ordinal = Integer.parseInt(settings.device());
        } catch (NumberFormatException e) {
            ordinal = -1;
        }
        if (ordinal < 0 || ordinal >= count) {
            throw new Missing(
                    "%s is '%s', and the driver sees %d device(s)"
                            .formatted(CudaSettings.DEVICE, settings.device(), count),
                    "set %s to a number from 0 to %d; CUDA_VISIBLE_DEVICES says which devices are seen"
                            .formatted(CudaSettings.DEVICE, count - 1));
        }
        return ordinal;
    }

    private CudaSetup compiler(CudaDriver driver, DeviceProperties device) {
        List<String> refusals = new ArrayList<>();
        for (String place : search.compilers()) {
            try {
                RuntimeCompiler compiler = RuntimeCompiler.open(place);
                Optional<ImageTarget> target = ImageTarget.of(device.capability(), compiler.architectures());
                Optional<String> refusal = refusal(driver.version(), compiler, target);
                if (refusal.isEmpty()) {
                    return new CudaSetup(driver, device, compiler, target.orElseThrow(), settings.cache());
                }
                refusals.add(refusal.get());
            } catch (KernelException e) {
                refusals.add(String.valueOf(e.getMessage()));
            }
        }
        throw new Missing("no NVRTC that fits: " + String.join("; ", refusals), INSTALL_COMPILER);
    }

    /**
     * Why driver and compiler do not go together: a driver loads machine code of every compiler of its major version, but
     * PTX only of compilers that are not newer.
     */
    private static Optional<String> refusal(
            CudaVersion driver, RuntimeCompiler compiler, Optional<ImageTarget> target) {
        CudaVersion version = compiler.version();
        if (target.isEmpty()) {
            return Optional.of(
                    "NVRTC %s (%s) no longer makes code for this device".formatted(version, compiler.place()));
        }
        boolean tooNew =
                switch (target.get().kind()) {
                    case BINARY -> version.major() > driver.major();
                    case PTX -> version.compareTo(driver) > 0;
                };
        return tooNew
                ? Optional.of("NVRTC %s (%s) is too new for the driver, which is for CUDA %s"
                        .formatted(version, compiler.place(), driver))
                : Optional.empty();
    }
}
