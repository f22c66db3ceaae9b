/** What deployments announce. */
@NullMarked
package io.plumbline.platform.deployment.event;

import org.jspecify.annotations.NullMarked;
