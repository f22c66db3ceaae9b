@NullMarked
package io.plumbline.compliance.screen;

import org.jspecify.annotations.NullMarked;
