/** What a model makes of a given text: its logits token by token, its perplexity. */
@NullMarked
package io.plumbline.inference.evaluation;

import org.jspecify.annotations.NullMarked;
