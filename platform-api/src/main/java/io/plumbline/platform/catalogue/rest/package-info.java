/** The models routes. */
@NullMarked
package io.plumbline.platform.catalogue.rest;

import org.jspecify.annotations.NullMarked;
