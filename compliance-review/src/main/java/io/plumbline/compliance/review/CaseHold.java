package io.plumbline.compliance.review;

/**
 * What a reviewer shows to write to a case.
 *
 * @param reviewer subject of the person
 * @param token fencing token of their claim
 */
public record CaseHold(String reviewer, long token) {}
