package io.plumbline.platform.gateway;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.usage.Reservation;

/** Whose answer it is, from which model, and where its tokens are counted. */
record AnswerContext(TenantId tenant, ModelRoute route, Reservation reservation, long created) {}
