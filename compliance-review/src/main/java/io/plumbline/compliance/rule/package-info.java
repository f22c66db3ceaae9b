/** The catalogue: rules as data, their versions, and the immutable bundles they are compiled into. */
@NullMarked
package io.plumbline.compliance.rule;

import org.jspecify.annotations.NullMarked;
