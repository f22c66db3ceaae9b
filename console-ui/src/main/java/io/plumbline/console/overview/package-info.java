/** The first page: what is there, what waits, what to do next. */
@NullMarked
package io.plumbline.console.overview;

import org.jspecify.annotations.NullMarked;
