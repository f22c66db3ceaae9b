package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.CaseSummary;
import java.util.Optional;
import java.util.function.Consumer;

/** What was done, and the case that waits next. */
final class NextCase extends Div {
    private static final long serialVersionUID = 1L;

    private final Button next = new Button();
    private Optional<String> id = Optional.empty();

    NextCase(Consumer<String> open) {
        addClassName("next-case");
        setId("case-done");
        setVisible(false);
        next.setId("case-next");
        next.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_SMALL);
        next.addClickListener(click -> id.ifPresent(open));
    }

    /**
     * Offers it; the button has the focus, so that Enter goes on.
     *
     * @param done what was done, in the language of the page
     * @param waiting how many cases are open
     */
    void offer(String done, Optional<CaseSummary> following, long waiting) {
        removeAll();
        id = following.map(item -> item.id().value());
        add(new Span(done));
        following.ifPresentOrElse(
                item -> {
                    next.setText(text("review.next", CaseWords.subject(item.findings()), number(waiting)));
                    next.setSuffixComponent(new Kbd("n"));
                    add(next);
                    next.focus();
                },
                () -> add(new Span(text("review.none_left"))));
        setVisible(true);
    }

    /** The case that is offered. */
    Optional<String> offered() {
        return isVisible() ? id : Optional.empty();
    }
}
