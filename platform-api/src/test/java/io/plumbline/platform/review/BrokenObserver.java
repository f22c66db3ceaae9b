package io.plumbline.platform.review;

import io.plumbline.compliance.review.event.CaseOpened;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicBoolean;

/** Breaks the opening of cases while a test wants it to, as a database that goes away in between would. */
@ApplicationScoped
public class BrokenObserver {
    private final AtomicBoolean broken = new AtomicBoolean();

    public void set(boolean isBroken) {
        broken.set(isBroken);
    }

    void onOpened(@Observes CaseOpened opened) {
        if (broken.get()) {
            throw new IllegalStateException("the case cannot be kept");
        }
    }
}
