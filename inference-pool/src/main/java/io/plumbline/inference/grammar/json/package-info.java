/** JSON, and JSON that satisfies a JSON Schema, as grammars. */
@NullMarked
package io.plumbline.inference.grammar.json;

import org.jspecify.annotations.NullMarked;
