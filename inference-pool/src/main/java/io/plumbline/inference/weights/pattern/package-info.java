/**
 * Which of a model's modules a text from an adapter's settings means: Python's regular expressions, as far as they decide
 * whether a name matches, evaluated in bounded time whatever the expression is.
 */
@NullMarked
package io.plumbline.inference.weights.pattern;

import org.jspecify.annotations.NullMarked;
