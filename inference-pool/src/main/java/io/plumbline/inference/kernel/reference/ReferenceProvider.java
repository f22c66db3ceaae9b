package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;

/** The backend that is always there. */
public final class ReferenceProvider implements BackendProvider {
    static final String NAME = "reference";
    static final String DESCRIPTION = "plain Java, one thread (slow; for checking other backends)";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Availability probe() {
        return new Availability.Available(1, DESCRIPTION);
    }

    @Override
    public Backend open(BackendOptions options) {
        return new ReferenceBackend();
    }
}
