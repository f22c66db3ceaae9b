package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.VerificationKey;
import java.time.Instant;

/**
 * A public key of the installation.
 *
 * @param since when it first signed
 */
public record PublishedKey(VerificationKey key, Instant since) {}
