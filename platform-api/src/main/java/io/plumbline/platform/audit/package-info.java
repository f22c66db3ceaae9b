/** The tenant's audit log: who did what, kept so that no later change goes unnoticed. */
@NullMarked
package io.plumbline.platform.audit;

import org.jspecify.annotations.NullMarked;
