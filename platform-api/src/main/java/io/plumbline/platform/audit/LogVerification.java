package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.Damage;
import io.plumbline.compliance.audit.SignedTreeHead;
import java.util.Optional;

/**
 * What came of checking the whole stored log.
 *
 * @param entries that were checked and are as they were signed
 * @param latest the last tree head that is good
 * @param damage the first; empty = the log is intact
 */
public record LogVerification(long entries, Optional<SignedTreeHead> latest, Optional<Damage> damage) {
    public boolean intact() {
        return damage.isEmpty();
    }
}
