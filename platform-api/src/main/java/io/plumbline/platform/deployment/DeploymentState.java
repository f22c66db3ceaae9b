package io.plumbline.platform.deployment;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The life of a deployment. */
public enum DeploymentState {
    /** Asked for; the adapter is being verified and loaded. */
    PENDING,
    /** The model name answers under these settings. A model has at most one live deployment. */
    LIVE,
    /** The adapter could not be loaded; the error says why. */
    FAILED,
    /** Taken out of service, or replaced by a later deployment of the same model. */
    RETIRED;

    /** The states that may follow. */
    public Set<DeploymentState> next() {
        return switch (this) {
            case PENDING -> EnumSet.of(LIVE, FAILED, RETIRED);
            case LIVE -> EnumSet.of(FAILED, RETIRED);
            case FAILED -> EnumSet.of(RETIRED);
            case RETIRED -> EnumSet.noneOf(DeploymentState.class);
        };
    }

    /** As in answers, such as {@code live}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
