/** What happened, who did it, and the proof that nothing of it was changed afterwards. */
@NullMarked
package io.plumbline.console.audit;

import org.jspecify.annotations.NullMarked;
