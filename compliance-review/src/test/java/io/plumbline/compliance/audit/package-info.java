@NullMarked
package io.plumbline.compliance.audit;

import org.jspecify.annotations.NullMarked;
