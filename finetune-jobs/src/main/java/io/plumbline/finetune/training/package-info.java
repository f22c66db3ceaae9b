/** LoRA training: what is trained, how, and what a run reports. */
@NullMarked
package io.plumbline.finetune.training;

import org.jspecify.annotations.NullMarked;
