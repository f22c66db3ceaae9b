/**
 * The paged key/value cache: blocks of positions, a table of blocks per sequence, and reuse of prefixes that were
 * computed before.
 */
@NullMarked
package io.plumbline.inference.kvcache;

import org.jspecify.annotations.NullMarked;
