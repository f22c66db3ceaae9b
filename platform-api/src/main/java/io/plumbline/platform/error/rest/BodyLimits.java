package io.plumbline.platform.error.rest;

import io.plumbline.platform.error.BodyTooLarge;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Bounds bodies: by the length they announce before a byte is read, and while they are read if they announce none. */
@Provider
@ApplicationScoped
class BodyLimits implements ReaderInterceptor {
    private final BodyLimitConfig config;

    @Inject
    BodyLimits(BodyLimitConfig config) {
        this.config = config;
    }

    /** The refusal of a request whose announced body is too large, or null. */
    @Nullable
    BodyTooLarge announcedTooLarge(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        long limit = limit(context);
        return length != null && exceeds(length, limit) ? new BodyTooLarge(limit) : null;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException, WebApplicationException {
        context.setInputStream(
                new Bounded(context.getInputStream(), config.json().asLongValue()));
        return context.proceed();
    }

    private long limit(RoutingContext context) {
        boolean upload = context.request().method().equals(HttpMethod.POST)
                && config.uploadPaths().stream().anyMatch(context.normalizedPath()::startsWith);
        return (upload ? config.upload() : config.json()).asLongValue();
    }

    private static boolean exceeds(String length, long limit) {
        try {
            return Long.parseLong(length) > limit;
        } catch (NumberFormatException e) {
            return false; // the HTTP server refuses such a header itself
        }
    }

    private static final class Bounded extends FilterInputStream {
        private final long limit;
        private long left;

        Bounded(InputStream in, long limit) {
            super(in);
            this.limit = limit;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw new BodyTooLarge(limit);
            }
        }
    }
}
