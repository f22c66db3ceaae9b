package io.plumbline.platform.screening;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Stage;
import java.time.Instant;
import java.util.Optional;

/**
 * A finding that was kept. It holds positions and a keyed digest, never text.
 *
 * @param seq grows with time
 * @param subjectId the answer or file it is about
 * @param item where in it
 */
public record StoredVerdict(
        long seq,
        String subjectId,
        String model,
        String item,
        Stage stage,
        String rule,
        int severity,
        Action action,
        String detector,
        int start,
        int end,
        String ruleSet,
        Optional<String> abstained,
        Instant recordedAt) {}
