@NullMarked
package io.plumbline.compliance;

import org.jspecify.annotations.NullMarked;
