package io.plumbline.platform.identity;

import static io.plumbline.platform.identity.Scope.AUDIT_READ;
import static io.plumbline.platform.identity.Scope.DEPLOYMENTS_READ;
import static io.plumbline.platform.identity.Scope.FILES_READ;
import static io.plumbline.platform.identity.Scope.FILES_WRITE;
import static io.plumbline.platform.identity.Scope.FINE_TUNING_READ;
import static io.plumbline.platform.identity.Scope.FINE_TUNING_WRITE;
import static io.plumbline.platform.identity.Scope.INFERENCE;
import static io.plumbline.platform.identity.Scope.KEYS_WRITE;
import static io.plumbline.platform.identity.Scope.MEMBERS_READ;
import static io.plumbline.platform.identity.Scope.MEMBERS_WRITE;
import static io.plumbline.platform.identity.Scope.MODELS_READ;
import static io.plumbline.platform.identity.Scope.REVIEWS_DECIDE;
import static io.plumbline.platform.identity.Scope.REVIEWS_READ;
import static io.plumbline.platform.identity.Scope.USAGE_READ;
import static io.plumbline.platform.identity.Scope.VERDICTS_READ;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A realm role of Keycloak and the scopes it brings. */
public enum Role {
    // Roles are those of the realm: whoever is a member of several organisations has them in each (ADR 0009).
    /** Operates the installation; owns no tenant's data, so it has scopes only where it is also a member. */
    PLATFORM_ADMIN("platform-admin", EnumSet.of(MODELS_READ, USAGE_READ)),
    TENANT_ADMIN("tenant-admin", EnumSet.complementOf(EnumSet.of(REVIEWS_DECIDE))),
    ML_ENGINEER(
            "ml-engineer",
            EnumSet.complementOf(
                    EnumSet.of(KEYS_WRITE, MEMBERS_READ, MEMBERS_WRITE, REVIEWS_READ, REVIEWS_DECIDE, AUDIT_READ))),
    REVIEWER("reviewer", EnumSet.of(MODELS_READ, VERDICTS_READ, REVIEWS_READ, REVIEWS_DECIDE)),
    AUDITOR(
            "auditor",
            EnumSet.of(
                    MODELS_READ,
                    FILES_READ,
                    FINE_TUNING_READ,
                    DEPLOYMENTS_READ,
                    USAGE_READ,
                    VERDICTS_READ,
                    AUDIT_READ)),
    INTEGRATOR(
            "integrator",
            EnumSet.of(
                    MODELS_READ,
                    INFERENCE,
                    FILES_READ,
                    FILES_WRITE,
                    FINE_TUNING_READ,
                    FINE_TUNING_WRITE,
                    DEPLOYMENTS_READ,
                    USAGE_READ));

    private final String wireName;
    private final Set<Scope> scopes;

    Role(String wireName, Set<Scope> scopes) {
        this.wireName = wireName;
        this.scopes = Set.copyOf(scopes);
    }

    public String wireName() {
        return wireName;
    }

    public Set<Scope> scopes() {
        return scopes;
    }

    /** The role of that name; Keycloak's own roles are none of ours. */
    public static Optional<Role> of(String wireName) {
        return Arrays.stream(values()).filter(r -> r.wireName.equals(wireName)).findFirst();
    }
}
