package io.plumbline.compliance.review;

import java.time.Instant;

/**
 * The right to decide a case, for a while.
 *
 * @param token fencing token: larger than that of every earlier claim of the case; what carries an older one is not written
 * @param holder the reviewer's subject
 * @param expiresAt when it ends unless it is renewed
 */
public record Lease(long token, String holder, Instant expiresAt) {}
