/** What fine-tuning announces. */
@NullMarked
package io.plumbline.platform.finetuning.event;

import org.jspecify.annotations.NullMarked;
