@NullMarked
package io.plumbline.compliance.review;

import org.jspecify.annotations.NullMarked;
