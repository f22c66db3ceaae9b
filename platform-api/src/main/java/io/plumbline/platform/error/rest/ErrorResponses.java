package io.plumbline.platform.error.rest;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.plumbline.platform.error.ErrorAnswer;
import io.plumbline.platform.error.ErrorMapper;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers failures of the REST routes. The framework has mappers of its own for some classes and picks the most specific
 * one, so those classes are named here.
 */
class ErrorResponses {
    private final ErrorMapper mapper;

    @Inject
    ErrorResponses(ErrorMapper mapper) {
        this.mapper = mapper;
    }

    @ServerExceptionMapper(
            value = {
                Throwable.class,
                WebApplicationException.class,
                MismatchedInputException.class,
                ConstraintViolationException.class,
                AuthenticationFailedException.class,
                UnauthorizedException.class,
                ForbiddenException.class
            },
            priority = 1)
    Response answer(Throwable failure, RoutingContext context) {
        return response(mapper.answer(failure, RequestIds.of(context)));
    }

    private static Response response(ErrorAnswer answer) {
        Response.ResponseBuilder response = Response.status(answer.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(answer.body());
        if (answer.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        answer.retryAfterSeconds().ifPresent(seconds -> response.header(HttpHeaders.RETRY_AFTER, seconds));
        return response.build();
    }
}
