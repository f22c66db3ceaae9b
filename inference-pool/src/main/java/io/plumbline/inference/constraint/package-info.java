/** The forms that callers ask for, compiled for a model and kept. */
@NullMarked
package io.plumbline.inference.constraint;

import org.jspecify.annotations.NullMarked;
