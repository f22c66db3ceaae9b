package io.plumbline.console.component;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.notification.Notification;
import com.vaadin.flow.component.notification.NotificationVariant;
import com.vaadin.flow.component.orderedlayout.HorizontalLayout;
import io.plumbline.console.i18n.Languages;
import io.plumbline.console.i18n.Translations;
import io.plumbline.platform.error.ErrorAnswer;
import io.plumbline.platform.error.ErrorMapper;
import io.plumbline.platform.id.Ids;
import io.quarkus.arc.Arc;
import java.text.MessageFormat;
import java.util.Locale;

/** Tells a person what went wrong and what to do, as the API tells programs: through the one error mapper. */
public final class Failures {
    private static final int SECONDS = 12;

    private Failures() {}

    /** What to tell: the text of {@code errors.CODE}, in which {@code {0}} is the message of the API, else that message. */
    public static String message(Throwable failure) {
        ErrorMapper mapper = Arc.container().instance(ErrorMapper.class).get();
        ErrorAnswer answer = mapper.answer(failure, Ids.create("console-"));
        Locale language = Languages.current();
        return Translations.pattern("errors." + answer.code(), language)
                .map(pattern -> new MessageFormat(pattern, language).format(new Object[] {answer.message()}))
                .orElse(answer.message());
    }

    /** Shows it, for long enough to read, with a button to close it. */
    public static void show(Throwable failure) {
        show(message(failure));
    }

    public static void show(String message) {
        Notification note = new Notification();
        note.addThemeVariants(NotificationVariant.LUMO_ERROR);
        note.setPosition(Notification.Position.TOP_CENTER);
        note.setDuration(SECONDS * 1000);
        Button close = new Button(VaadinIcon.CLOSE_SMALL.create(), click -> note.close());
        close.addThemeVariants(ButtonVariant.LUMO_TERTIARY_INLINE);
        close.setAriaLabel(text("shell.close"));
        HorizontalLayout line = new HorizontalLayout(new Span(message), close);
        line.setAlignItems(HorizontalLayout.Alignment.CENTER);
        note.add(line);
        note.open();
    }

    /** Tells that something succeeded. */
    public static void done(String message) {
        Notification note = Notification.show(message, 4000, Notification.Position.TOP_CENTER);
        note.addThemeVariants(NotificationVariant.LUMO_SUCCESS);
    }
}
