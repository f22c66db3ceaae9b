/** Normaliser, detectors and validators: what finds a span in a text. Knows nothing of rules, stages or actions. */
@NullMarked
package io.plumbline.compliance.detect;

import org.jspecify.annotations.NullMarked;
