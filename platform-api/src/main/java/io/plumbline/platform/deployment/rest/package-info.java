/** Routes for deployments. */
@NullMarked
package io.plumbline.platform.deployment.rest;

import org.jspecify.annotations.NullMarked;
