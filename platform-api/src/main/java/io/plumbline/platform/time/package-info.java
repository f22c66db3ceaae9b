/** The clock that services are given, so that tests can give another. */
@NullMarked
package io.plumbline.platform.time;

import org.jspecify.annotations.NullMarked;
