/** What the organisation has used: tokens by day, model and caller. */
@NullMarked
package io.plumbline.console.usage;

import org.jspecify.annotations.NullMarked;
