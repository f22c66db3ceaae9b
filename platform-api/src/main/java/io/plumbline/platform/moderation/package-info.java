/** The tenant's rules applied to texts that callers bring, in the shape of OpenAI's moderations. */
@NullMarked
package io.plumbline.platform.moderation;

import org.jspecify.annotations.NullMarked;
