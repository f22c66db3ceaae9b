/**
 * Grammars over bytes and the automaton that says, before each token, which tokens keep the answer within the language.
 *
 * @see "docs/decisions/0016-constrained-decoding.md"
 */
@NullMarked
package io.plumbline.inference.grammar;

import org.jspecify.annotations.NullMarked;
