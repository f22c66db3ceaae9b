/** What went wrong, as types, and the one place that turns it into an HTTP answer. */
@NullMarked
package io.plumbline.platform.error;

import org.jspecify.annotations.NullMarked;
