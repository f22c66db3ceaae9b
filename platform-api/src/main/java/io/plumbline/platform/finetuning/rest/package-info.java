/** OpenAI's routes for fine-tuning jobs. */
@NullMarked
package io.plumbline.platform.finetuning.rest;

import org.jspecify.annotations.NullMarked;
