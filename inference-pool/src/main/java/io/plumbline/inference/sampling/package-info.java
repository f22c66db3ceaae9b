/**
 * From logits to the next token: the settings' distribution, a reproducible draw, and log-probabilities. Work arrays are
 * reused, so a step allocates nothing of the vocabulary's size.
 */
@NullMarked
package io.plumbline.inference.sampling;

import org.jspecify.annotations.NullMarked;
