/** Routes for reviewers. */
@NullMarked
package io.plumbline.platform.review.rest;

import org.jspecify.annotations.NullMarked;
