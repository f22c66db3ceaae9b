/** Checks against folders of reference results: one suite per kind of result, one line per case. */
@NullMarked
package io.plumbline.inference.golden;

import org.jspecify.annotations.NullMarked;
