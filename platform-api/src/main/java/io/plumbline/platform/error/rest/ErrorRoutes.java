package io.plumbline.platform.error.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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

    private final ErrorMapper mapper;
    private final ObjectMapper json;

    @Inject
    ErrorRoutes(ErrorMapper mapper, ObjectMapper json) {
        this.mapper = mapper;
        this.json = json;
    }

    void filters(@Observes Filters filters) {
        filters.register(RequestIds::assign, BEFORE_EVERYTHING);
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
