package io.plumbline.platform.error.rest;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/** Gives each request an id: the caller's own {@code x-request-id} if it is harmless, else a fresh one. */
public final class RequestIds {
    /** Request and response header. */
    public static final String HEADER = "x-request-id";

    private static final String KEY = "plumbline.request-id";
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestIds() {}

    static void assign(RoutingContext context) {
        String id = of(context);
        context.response().putHeader(HEADER, id);
        MDC.put("request", "[" + id + "] ");
        context.next();
    }

    /** The id of a request. */
    public static String of(RoutingContext context) {
        String known = context.get(KEY);
        if (known != null) {
            return known;
        }
        String asked = context.request().getHeader(HEADER);
        String id = asked != null && HARMLESS.matcher(asked).matches()
                ? asked
                : "req_" + UUID.randomUUID().toString().replace("-", "");
        context.put(KEY, id);
        return id;
    }
}
