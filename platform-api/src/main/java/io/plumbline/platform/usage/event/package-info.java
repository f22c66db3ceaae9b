/** What the ledger announces. */
@NullMarked
package io.plumbline.platform.usage.event;

import org.jspecify.annotations.NullMarked;
