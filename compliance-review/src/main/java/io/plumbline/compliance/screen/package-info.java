/** Verdicts on requests, streams, answers and training rows. */
@NullMarked
package io.plumbline.compliance.screen;

import org.jspecify.annotations.NullMarked;
