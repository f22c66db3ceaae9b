/** Finished adapters: content-addressed files with their lineage. */
@NullMarked
package io.plumbline.platform.adapter;

import org.jspecify.annotations.NullMarked;
