package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.ConsistencyProof;
import io.plumbline.compliance.audit.SignedTreeHead;

/**
 * That a later tree head only added to an earlier one.
 *
 * @param proof leads from the root of the first to that of the second
 */
public record HeadConsistency(SignedTreeHead first, SignedTreeHead second, ConsistencyProof proof) {}
