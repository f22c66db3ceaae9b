/** Under which rules a tenant's texts are screened, and the verdicts that came of it. */
@NullMarked
package io.plumbline.platform.screening;

import org.jspecify.annotations.NullMarked;
