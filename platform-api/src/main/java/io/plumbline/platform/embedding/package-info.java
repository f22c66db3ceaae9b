/** Texts to vectors, in process; {@code docs/decisions/0011-embeddings.md} tells why every text is computed on its own. */
@NullMarked
package io.plumbline.platform.embedding;

import org.jspecify.annotations.NullMarked;
