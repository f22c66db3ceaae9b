/** The catalogue: rules, their versions and the bundles that tenants run. */
@NullMarked
package io.plumbline.compliance.rule;

import org.jspecify.annotations.NullMarked;
