/** Parts that several screens share. */
@NullMarked
package io.plumbline.console.component;

import org.jspecify.annotations.NullMarked;
