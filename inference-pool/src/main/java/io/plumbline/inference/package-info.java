/** Types shared by every part of Plumbline that serves or trains a model. */
@NullMarked
package io.plumbline.inference;

import org.jspecify.annotations.NullMarked;
