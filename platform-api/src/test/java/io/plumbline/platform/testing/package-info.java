/** What the tests of the platform share: the environment they need, callers with real tokens. */
@NullMarked
package io.plumbline.platform.testing;

import org.jspecify.annotations.NullMarked;
