package io.plumbline.inference.kernel.cuda.driver;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a compiler makes of the kernels for a device.
 *
 * @param architecture the generation it makes code for
 * @param kind machine code of exactly that generation, or PTX, which the driver translates for it and any later one
 */
public record ImageTarget(ComputeCapability architecture, Kind kind) {
    /** What an image holds. */
    public enum Kind {
        BINARY,
        PTX
    }

    /** Every rounding is part of the contract: nothing is contracted, approximated or flushed to zero (ADR 0025). */
    private static final List<String> CANONICAL =
            List.of("--std=c++17", "--fmad=false", "--prec-div=true", "--prec-sqrt=true", "--ftz=false");

    /**
     * The best that a compiler has for a device; empty if the device is older than everything it knows.
     *
     * @param known what the compiler makes code for, oldest first
     */
    public static Optional<ImageTarget> of(ComputeCapability device, List<ComputeCapability> known) {
        return known.stream()
                .filter(architecture -> architecture.compareTo(device) <= 0)
                .reduce((_, later) -> later)
                .map(architecture ->
                        new ImageTarget(architecture, architecture.equals(device) ? Kind.BINARY : Kind.PTX));
    }

    /** For the compiler's command line. */
    List<String> options() {
        String prefix =
                switch (kind) {
                    case BINARY -> "sm_";
                    case PTX -> "compute_";
                };
        return Stream.concat(Stream.of("--gpu-architecture=" + prefix + architecture.number()), CANONICAL.stream())
                .toList();
    }

    @Override
    public String toString() {
        return "compute capability " + architecture + (kind == Kind.PTX ? " (PTX)" : "");
    }
}
