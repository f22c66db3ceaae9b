package io.plumbline.inference.kernel;

import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Finds the backends on the class path and opens one. */
public final class Backends {
    /** The name that stands for "the best that can run here". */
    public static final String AUTO = "auto";

    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    private Backends() {}

    /** Every provider with what it found on this machine, best first, the unavailable ones last. */
    public static List<ProbedBackend> probe() {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .map(provider -> new ProbedBackend(provider, provider.probe()))
                .sorted(Comparator.comparingInt(ProbedBackend::score).reversed())
                .toList();
    }

    /**
     * Opens a backend; its kernels check every range before they run.
     *
     * @param name a provider's name, or {@link #AUTO} for the available one with the best score
     * @throws KernelException if no such backend exists or it cannot run here; the message says why and what to do
     */
    public static Backend open(String name, BackendOptions options) {
        List<ProbedBackend> probed = probe();
        return name.equals(AUTO) ? openBest(probed, options) : openNamed(name, probed, options);
    }

    /**
     * Why a backend cannot be opened here and what to do; empty if it can.
     *
     * @param name a provider's name, or {@link #AUTO}, which is never refused
     */
    public static Optional<String> refusal(String name) {
        return name.equals(AUTO) ? Optional.empty() : refusal(name, probe());
    }

    private static Optional<String> refusal(String name, List<ProbedBackend> probed) {
        Optional<Availability> availability = named(name, probed).map(ProbedBackend::availability);
        if (availability.isEmpty()) {
            return Optional.of("there is no backend '%s'; choose one of: %s"
                    .formatted(
                            name,
                            probed.stream().map(ProbedBackend::name).collect(Collectors.joining(", ", "auto, ", ""))));
        }
        return switch (availability.get()) {
            case Available _ -> Optional.empty();
            case Unavailable(String reason, String remedy) ->
                Optional.of("backend '%s' cannot run here: %s. Remedy: %s".formatted(name, reason, remedy));
        };
    }

    private static Optional<ProbedBackend> named(String name, List<ProbedBackend> probed) {
        return probed.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
    }

    private static Backend openNamed(String name, List<ProbedBackend> probed, BackendOptions options) {
        Optional<String> refusal = refusal(name, probed);
        if (refusal.isPresent()) {
            throw new KernelException(refusal.get());
        }
        ProbedBackend chosen = named(name, probed).orElseThrow();
        return open(chosen, (Available) chosen.availability(), options);
    }

    /** The best that opens: what fails when it is opened is told and passed over like what is not there. */
    private static Backend openBest(List<ProbedBackend> probed, BackendOptions options) {
        for (ProbedBackend candidate : probed) {
            if (candidate.availability() instanceof Available available) {
                try {
                    Backend backend = open(candidate, available, options);
                    tellRejections(probed, available);
                    return backend;
                } catch (KernelException e) {
                    LOG.warn("backend {} passed over: {}", candidate.name(), e.getMessage());
                }
            }
        }
        throw new KernelException("no backend can run here; see ./plumbline doctor");
    }

    /** Whoever gets less than this machine could give is told without asking. */
    private static void tellRejections(List<ProbedBackend> probed, Available chosen) {
        Level level = chosen.score() < Available.NATIVE_KERNELS ? Level.WARN : Level.INFO;
        for (ProbedBackend candidate : probed) {
            if (candidate.availability() instanceof Unavailable(String reason, String remedy)) {
                LOG.atLevel(level).log("backend {} passed over: {}. Remedy: {}", candidate.name(), reason, remedy);
            }
        }
    }

    private static Backend open(ProbedBackend chosen, Available available, BackendOptions options) {
        LOG.info("backend {}: {}", chosen.name(), available.description());
        return new CheckedBackend(chosen.provider().open(options));
    }
}
