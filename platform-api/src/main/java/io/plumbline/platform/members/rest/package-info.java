/** Routes for the members of the caller's organisation. */
@NullMarked
package io.plumbline.platform.members.rest;

import org.jspecify.annotations.NullMarked;
