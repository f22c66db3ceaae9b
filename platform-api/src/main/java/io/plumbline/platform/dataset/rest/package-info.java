/** The files routes. */
@NullMarked
package io.plumbline.platform.dataset.rest;

import org.jspecify.annotations.NullMarked;
