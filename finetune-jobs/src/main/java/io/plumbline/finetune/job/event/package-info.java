/** What happened to fine-tuning jobs; fired inside the transaction that made it so. */
@NullMarked
package io.plumbline.finetune.job.event;

import org.jspecify.annotations.NullMarked;
