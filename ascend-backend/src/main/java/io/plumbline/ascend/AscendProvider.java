package io.plumbline.ascend;

import io.plumbline.ascend.kernel.AscendBackend;
import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelException;
import java.nio.file.Path;
import java.util.List;

/**
 * Answers for the backend named {@code ascend}. Files and variables are looked at first; only where they are complete is
 * the toolkit opened and asked.
 */
public final class AscendProvider implements BackendProvider {
    /** Below every other backend: {@code auto} must not choose one that cannot run a whole model yet. */
    private static final int SCORE = 0;

    private final AscendHost host;

    /** For {@code ServiceLoader}: this machine. */
    public AscendProvider() {
        this(AscendHost.look(System.getenv(), Path.of("/dev"), Path.of("/usr/local/Ascend/driver/lib64")));
    }

    AscendProvider(AscendHost host) {
        this.host = host;
    }

    @Override
    public String name() {
        return AscendBackend.NAME;
    }

    @Override
    public Availability probe() {
        return switch (outcome()) {
            case RuntimeProbe.Outcome.Usable usable ->
                new Available(SCORE, usable.setup().description());
            case RuntimeProbe.Outcome.Unusable(List<Finding> findings) -> Finding.unavailable(findings);
        };
    }

    private RuntimeProbe.Outcome outcome() {
        List<Finding> findings = host.findings();
        return findings.isEmpty()
                ? RuntimeProbe.ask(host.settings(), host.toolkit().orElseThrow())
                : new RuntimeProbe.Outcome.Unusable(findings);
    }

    @Override
    public Backend open(BackendOptions options) {
        return switch (outcome()) {
            case RuntimeProbe.Outcome.Usable usable -> AscendBackend.open(usable.setup());
            case RuntimeProbe.Outcome.Unusable(List<Finding> findings) -> {
                Unavailable unavailable = Finding.unavailable(findings);
                throw new KernelException("backend 'ascend' cannot be opened: %s. Remedy: %s"
                        .formatted(unavailable.reason(), unavailable.remedy()));
            }
        };
    }
}
