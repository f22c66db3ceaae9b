package io.plumbline.inference.kernel;

import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;

/**
 * A provider and what it found on this machine.
 *
 * @param provider opens the backend
 * @param availability the answer of its probe
 */
public record ProbedBackend(BackendProvider provider, Availability availability) {
    public String name() {
        return provider.name();
    }

    /** The provider's score, 0 if it cannot run here. */
    public int score() {
        return switch (availability) {
            case Available available -> available.score();
            case Unavailable _ -> 0;
        };
    }
}
