/** The moderations route. */
@NullMarked
package io.plumbline.platform.moderation.rest;

import org.jspecify.annotations.NullMarked;
