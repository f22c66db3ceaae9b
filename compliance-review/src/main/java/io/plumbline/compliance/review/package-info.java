/** Held answers: cases that a person decides, claimed under a lease, with a deadline that decides against release. */
@NullMarked
package io.plumbline.compliance.review;

import org.jspecify.annotations.NullMarked;
