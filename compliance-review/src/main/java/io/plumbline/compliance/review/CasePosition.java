package io.plumbline.compliance.review;

import java.time.Instant;

/**
 * A place in a list of cases; the same in every tenant's list, so that several can be merged.
 *
 * @param at deadline of an open case, time of the decision of a decided one
 * @param id decides between equal times
 */
public record CasePosition(Instant at, CaseId id) {}
