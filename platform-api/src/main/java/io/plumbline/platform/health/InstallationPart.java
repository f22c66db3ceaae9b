package io.plumbline.platform.health;

import java.util.Arrays;
import java.util.Optional;

/** What an installation is made of, as far as its health checks tell. */
public enum InstallationPart {
    DATABASE("Database connections health check"),
    BROKER("broker"),
    IDENTITY_PROVIDER("identity-provider"),
    ENGINE("engine");

    private final String check;

    InstallationPart(String check) {
        this.check = check;
    }

    /** The part that a health check is about. */
    static Optional<InstallationPart> ofCheck(String name) {
        return Arrays.stream(values()).filter(part -> part.check.equals(name)).findFirst();
    }
}
