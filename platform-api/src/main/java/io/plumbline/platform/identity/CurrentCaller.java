package io.plumbline.platform.identity;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Holds the caller of one request between {@link CallerFilter} and the resource, which passes it on as a parameter. */
@RequestScoped
public class CurrentCaller {
    private @Nullable Caller caller;

    public Caller get() {
        if (caller == null) {
            throw new NotAuthenticated();
        }
        return caller;
    }

    void set(Caller newCaller) {
        caller = newCaller;
    }
}
