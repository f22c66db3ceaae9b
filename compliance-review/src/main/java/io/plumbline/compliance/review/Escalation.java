package io.plumbline.compliance.review;

import java.time.Instant;

/**
 * How a case came to the second level.
 *
 * @param by the reviewer who may not decide it any more
 * @param reason what the colleague should know
 */
public record Escalation(String by, Instant at, String reason) {}
