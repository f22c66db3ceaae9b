package io.plumbline.platform.identity;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Holds the reviewer of one request to a route that is {@link AcrossTenants}. */
@RequestScoped
public class CurrentReviewer {
    private @Nullable Reviewer reviewer;

    public Reviewer get() {
        if (reviewer == null) {
            throw new NotAuthenticated();
        }
        return reviewer;
    }

    void set(Reviewer newReviewer) {
        reviewer = newReviewer;
    }
}
