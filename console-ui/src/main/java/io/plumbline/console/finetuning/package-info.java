/** Fine-tuning jobs: list, form, and the page that follows one. */
@NullMarked
package io.plumbline.console.finetuning;

import org.jspecify.annotations.NullMarked;
