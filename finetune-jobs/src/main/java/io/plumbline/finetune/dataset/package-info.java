/** Training data: reading, validating, splitting and tokenising chat rows. */
@NullMarked
package io.plumbline.finetune.dataset;

import org.jspecify.annotations.NullMarked;
