package io.plumbline.console.shell;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Whoever opens the bare address with a browser gets to the console. */
@ApplicationScoped
class RootPage {
    private static final int FOUND = 302;

    void routes(@Observes Router router) {
        router.get("/").handler(context -> context.response()
                .setStatusCode(FOUND)
                .putHeader(HttpHeaders.LOCATION, "/console/")
                .end());
    }
}
