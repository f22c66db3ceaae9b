/** Adapters on disk: PEFT folders, written so that PEFT, vLLM and this product load them, with their lineage beside. */
@NullMarked
package io.plumbline.finetune.artifact;

import org.jspecify.annotations.NullMarked;
