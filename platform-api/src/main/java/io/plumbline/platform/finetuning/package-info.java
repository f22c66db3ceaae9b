/** Fine-tuning for tenants: OpenAI's jobs API over the jobs and their runner. */
@NullMarked
package io.plumbline.platform.finetuning;

import org.jspecify.annotations.NullMarked;
