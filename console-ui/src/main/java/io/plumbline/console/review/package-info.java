/** Held answers, and the people who decide on them. */
@NullMarked
package io.plumbline.console.review;

import org.jspecify.annotations.NullMarked;
