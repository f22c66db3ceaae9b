/** Models and their deployments. */
@NullMarked
package io.plumbline.console.deployment;

import org.jspecify.annotations.NullMarked;
