/** Checks of the trainer against folders of reference results. */
@NullMarked
package io.plumbline.finetune.golden;

import org.jspecify.annotations.NullMarked;
