/** OpenAI-compatible inference: a question is screened, answered by the pool, screened again and counted. */
@NullMarked
package io.plumbline.platform.gateway;

import org.jspecify.annotations.NullMarked;
