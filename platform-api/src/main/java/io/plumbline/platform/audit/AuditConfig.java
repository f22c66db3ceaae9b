package io.plumbline.platform.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** How the audit log is kept. */
@ConfigMapping(prefix = "plumbline.audit")
public interface AuditConfig {
    /** Most acts that come under one tree head. */
    @WithDefault("1000")
    int batch();

    /**
     * PEM file with the private and the public Ed25519 key that sign; default {@code DATA/audit/signing-key.pem}, which is
     * made at the first start. To change keys, put another pair in its place and restart.
     */
    Optional<Path> signingKeyFile();
}
