/** Which models answer under which rules, and what a model name means to a tenant. */
@NullMarked
package io.plumbline.platform.deployment;

import org.jspecify.annotations.NullMarked;
