/** How a model calls functions: the form of a call in its text, the grammar of that form, and reading it back. */
@NullMarked
package io.plumbline.inference.toolcall;

import org.jspecify.annotations.NullMarked;
