/** The audit log: what happened, as a Merkle tree (RFC 6962) that nobody can change unnoticed. */
@NullMarked
package io.plumbline.compliance.audit;

import org.jspecify.annotations.NullMarked;
