/** Errors and request ids at the edge. */
@NullMarked
package io.plumbline.platform.error.rest;

import org.jspecify.annotations.NullMarked;
