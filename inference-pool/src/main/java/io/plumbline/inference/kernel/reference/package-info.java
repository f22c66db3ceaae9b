/** Every operation in plain, slow Java: the oracle against which each other backend is tested. */
@NullMarked
package io.plumbline.inference.kernel.reference;

import org.jspecify.annotations.NullMarked;
