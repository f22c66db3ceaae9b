/** The embeddings route. */
@NullMarked
package io.plumbline.platform.embedding.rest;

import org.jspecify.annotations.NullMarked;
