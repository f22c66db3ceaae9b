@NullMarked
package io.plumbline.platform.audit;

import org.jspecify.annotations.NullMarked;
