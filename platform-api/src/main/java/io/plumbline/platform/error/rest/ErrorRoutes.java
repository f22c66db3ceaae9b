package io.plumbline.platform.error.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.error.BodyTooLarge;
import io.plumbline.platform.error.ErrorAnswer;
import io.plumbline.platform.error.ErrorMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;

/** Answers what never reaches a REST route, in the same shape: unknown paths, requests refused by the HTTP server. */
@ApplicationScoped
class ErrorRoutes {
    private static final int BEFORE_EVERYTHING = 1000;
    private static final long DISCARD_MILLIS = 30_000;

    private final ErrorMapper mapper;
    private final BodyLimits limits;
    private final ObjectMapper json;

    @Inject
    ErrorRoutes(ErrorMapper mapper, BodyLimits limits, ObjectMapper json) {
        this.mapper = mapper;
        this.limits = limits;
        this.json = json;
    }

    void filters(@Observes Filters filters) {
        filters.register(RequestIds::assign, BEFORE_EVERYTHING);
        filters.register(this::refuseLargeBody, BEFORE_EVERYTHING - 1);
    }

    private void refuseLargeBody(RoutingContext context) {
        BodyTooLarge refusal = limits.announcedTooLarge(context);
        if (refusal == null) {
            context.next();
            return;
        }
        answer(context, refusal);
        // Many clients read the answer only after they have sent everything: take the rest for a while and drop it.
        long timer = context.vertx()
                .setTimer(DISCARD_MILLIS, late -> context.request().connection().close());
        context.request()
                .handler(dropped -> {})
                .endHandler(ended -> context.vertx().cancelTimer(timer))
                .resume();
    }

    void routes(@Observes Router router) {
        router.route().order(Integer.MAX_VALUE).handler(context -> answer(context, new WebApplicationException(404)));
    }

    private void answer(RoutingContext context, Throwable failure) {
        ErrorAnswer answer = mapper.answer(failure, RequestIds.of(context));
        HttpServerResponse response = context.response();
        response.setStatusCode(answer.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        try {
            response.end(json.writeValueAsString(answer.body()));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
