/** Fine-tuning jobs: what was asked for, how far it is, and who works on it. */
@NullMarked
package io.plumbline.finetune.job;

import org.jspecify.annotations.NullMarked;
