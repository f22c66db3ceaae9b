/** The ledger of tokens: reserved before a request, settled after it, rolled up by day. */
@NullMarked
package io.plumbline.platform.usage;

import org.jspecify.annotations.NullMarked;
