/** Routes of the audit log. */
@NullMarked
package io.plumbline.platform.audit.rest;

import org.jspecify.annotations.NullMarked;
