/** Talks to a model as its callers do, and shows what the rules make of it. */
@NullMarked
package io.plumbline.console.playground;

import org.jspecify.annotations.NullMarked;
