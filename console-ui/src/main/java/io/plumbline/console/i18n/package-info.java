/** Texts in the product's two languages. */
@NullMarked
package io.plumbline.console.i18n;

import org.jspecify.annotations.NullMarked;
