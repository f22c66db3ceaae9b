package io.plumbline.compliance.review;

import java.time.Instant;

/**
 * What a reviewer has typed, kept for them whatever becomes of their lease. Nobody else sees it.
 *
 * @param author the reviewer's subject
 */
public record Draft(CaseId caseId, String author, DraftText text, Instant savedAt) {}
