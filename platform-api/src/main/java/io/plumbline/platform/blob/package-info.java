/** Content-addressed files of a tenant: uploads, adapters. */
@NullMarked
package io.plumbline.platform.blob;

import org.jspecify.annotations.NullMarked;
