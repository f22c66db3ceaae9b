package io.plumbline.platform.members;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** How Keycloak's administration is reached. */
@ConfigMapping(prefix = "plumbline.members")
public interface MembersConfig {
    /** The realm, as tokens name it: {@code https://HOST/realms/NAME}. */
    String realmUrl();

    /** A confidential client with a service account. */
    @WithDefault("plumbline-members")
    String clientId();

    /** Its secret; empty = members cannot be managed through this installation. */
    Optional<String> clientSecret();
}
