@NullMarked
package io.plumbline.compliance.detect;

import org.jspecify.annotations.NullMarked;
