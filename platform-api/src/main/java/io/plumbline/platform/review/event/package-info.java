/** What happened to cases, as it goes to Kafka. */
@NullMarked
package io.plumbline.platform.review.event;

import org.jspecify.annotations.NullMarked;
