/** What happened to cases; fired inside the transaction that made it so. Names and digests only, never content. */
@NullMarked
package io.plumbline.compliance.review.event;

import org.jspecify.annotations.NullMarked;
