/** Who gets how many tokens of a step. Knows neither weights nor devices. */
@NullMarked
package io.plumbline.inference.scheduler;

import org.jspecify.annotations.NullMarked;
