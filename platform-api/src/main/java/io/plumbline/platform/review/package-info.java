/** The reviewers' desk: held answers of the tenants that a person is cleared for. */
@NullMarked
package io.plumbline.platform.review;

import org.jspecify.annotations.NullMarked;
