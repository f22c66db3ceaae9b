/** Events, written in the transaction that made them true and sent to Kafka afterwards; read idempotently. */
@NullMarked
package io.plumbline.platform.outbox;

import org.jspecify.annotations.NullMarked;
