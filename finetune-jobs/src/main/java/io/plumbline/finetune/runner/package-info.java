/** Runs fine-tuning jobs: a trainer process each, under a lease that is kept by heartbeat. */
@NullMarked
package io.plumbline.finetune.runner;

import org.jspecify.annotations.NullMarked;
