/** Regular expressions as grammars: a documented subset that every dialect understands alike, matched in linear time. */
@NullMarked
package io.plumbline.inference.grammar.regex;

import org.jspecify.annotations.NullMarked;
