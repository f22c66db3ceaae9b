@NullMarked
package io.plumbline.compliance.rule;

import org.jspecify.annotations.NullMarked;
