/** The chat completion routes and their wire format. */
@NullMarked
package io.plumbline.platform.gateway.rest;

import org.jspecify.annotations.NullMarked;
