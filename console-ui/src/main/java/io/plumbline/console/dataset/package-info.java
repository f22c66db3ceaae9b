/** Data sets: upload with its report, list, and the rows of one. */
@NullMarked
package io.plumbline.console.dataset;

import org.jspecify.annotations.NullMarked;
