/** Uploaded training files: checked, screened, stored once by content. */
@NullMarked
package io.plumbline.platform.dataset;

import org.jspecify.annotations.NullMarked;
