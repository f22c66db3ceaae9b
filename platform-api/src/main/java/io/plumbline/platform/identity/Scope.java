package io.plumbline.platform.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What a credential may do within its tenant. */
public enum Scope {
    MODELS_READ("models:read"),
    INFERENCE("inference"),
    FILES_READ("files:read"),
    FILES_WRITE("files:write"),
    FINE_TUNING_READ("fine_tuning:read"),
    FINE_TUNING_WRITE("fine_tuning:write"),
    DEPLOYMENTS_READ("deployments:read"),
    DEPLOYMENTS_WRITE("deployments:write"),
    USAGE_READ("usage:read"),
    VERDICTS_READ("verdicts:read"),
    /** See held answers of the tenants that a reviewer is cleared for; never an API key's. */
    REVIEWS_READ("reviews:read"),
    /** Decide them: a person's act, so never an API key's either. */
    REVIEWS_DECIDE("reviews:decide"),
    AUDIT_READ("audit:read"),
    KEYS_WRITE("keys:write"),
    /** See the people of the organisation; a person's, never an API key's. */
    MEMBERS_READ("members:read"),
    /** Add and remove them and give roles; likewise. */
    MEMBERS_WRITE("members:write");

    private final String wireName;

    Scope(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Whether an API key may have it. */
    public boolean forPrograms() {
        return switch (this) {
            case REVIEWS_READ, REVIEWS_DECIDE, MEMBERS_READ, MEMBERS_WRITE -> false;
            case MODELS_READ,
                    INFERENCE,
                    FILES_READ,
                    FILES_WRITE,
                    FINE_TUNING_READ,
                    FINE_TUNING_WRITE,
                    DEPLOYMENTS_READ,
                    DEPLOYMENTS_WRITE,
                    USAGE_READ,
                    VERDICTS_READ,
                    AUDIT_READ,
                    KEYS_WRITE -> true;
        };
    }

    public static Optional<Scope> of(String wireName) {
        return Arrays.stream(values()).filter(s -> s.wireName.equals(wireName)).findFirst();
    }
}
