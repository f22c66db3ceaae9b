/** Held-out measures of a base model and of its adapters. */
@NullMarked
package io.plumbline.finetune.evaluation;

import org.jspecify.annotations.NullMarked;
