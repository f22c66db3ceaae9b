package io.plumbline.compliance.review;

import java.time.Instant;
import java.util.Optional;

/**
 * How a case ended.
 *
 * @param by the reviewer, or {@code system} where the deadline decided
 * @param reason of a rejection
 * @param note the reviewer's remark, for colleagues and auditors
 */
public record Outcome(String by, Instant at, Optional<String> reason, Optional<String> note) {}
