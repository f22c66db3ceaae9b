package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.Lease;
import io.plumbline.console.i18n.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Says how the person stands to the case: whose it is and until when, and what they can do about it. */
final class StandingBar extends Div {
    private static final long serialVersionUID = 1L;

    private final String person;
    private final Span words = new Span();
    private final Button claim = new Button(text("review.claim"));

    StandingBar(String person, Runnable claiming) {
        this.person = person;
        setId("case-standing");
        getElement().setAttribute("role", "status");
        claim.setId("case-claim");
        claim.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_SMALL);
        claim.setSuffixComponent(new Kbd("c"));
        claim.addClickListener(click -> claiming.run());
        add(words, claim);
    }

    void show(Standing standing, Instant now) {
        switch (standing) {
            case Standing.Working(Lease lease) -> say("working", text("review.working", left(lease, now)), false);
            case Standing.Lost(long ignored, Optional<Lease> taken) -> say("lost", lost(taken), true);
            case Standing.Taken(Lease lease) -> say("taken", taken(lease), own(lease));
            case Standing.Free ignored -> say("free", text("review.free"), true);
            case Standing.Barred(String why) -> say("barred", why, false);
            case Standing.Watching ignored -> say("watching", text("review.watching"), false);
            case Standing.Ended ignored -> say("ended", text("review.ended"), false);
        }
    }

    private void say(String kind, String what, boolean claimable) {
        words.setText(what);
        setClassName("standing standing-" + kind);
        getElement().setAttribute("data-standing", kind);
        claim.setVisible(claimable);
        claim.setText(text(kind.equals("lost") ? "review.claim_again" : "review.claim"));
        claim.setSuffixComponent(new Kbd("c"));
    }

    private boolean own(Lease lease) {
        return lease.holder().equals(person);
    }

    private static String left(Lease lease, Instant now) {
        return Durations.countdown(Duration.between(now, lease.expiresAt()));
    }

    private String taken(Lease lease) {
        return own(lease)
                ? text("review.own_elsewhere")
                : text("review.taken", lease.holder(), time(lease.expiresAt()));
    }

    private String lost(Optional<Lease> now) {
        return now.filter(lease -> !own(lease))
                .map(lease -> text("review.lost_to", lease.holder(), time(lease.expiresAt())))
                .orElseGet(() -> text(now.isPresent() ? "review.lost_to_self" : "review.lost"));
    }
}
