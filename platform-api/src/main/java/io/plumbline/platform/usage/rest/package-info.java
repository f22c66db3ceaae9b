/** Routes that read the ledger. */
@NullMarked
package io.plumbline.platform.usage.rest;

import org.jspecify.annotations.NullMarked;
