/** What happens to files. */
@NullMarked
package io.plumbline.platform.dataset.event;

import org.jspecify.annotations.NullMarked;
