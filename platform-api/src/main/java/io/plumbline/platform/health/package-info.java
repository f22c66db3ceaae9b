/** Whether this process can serve, and what it lacks. */
@NullMarked
package io.plumbline.platform.health;

import org.jspecify.annotations.NullMarked;
