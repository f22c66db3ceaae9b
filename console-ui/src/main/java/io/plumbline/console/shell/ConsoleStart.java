package io.plumbline.console.shell;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.server.CustomizedSystemMessages;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.SystemMessages;
import com.vaadin.flow.server.VaadinResponse;
import com.vaadin.flow.server.VaadinService;
import com.vaadin.flow.server.VaadinSession;
import com.vaadin.flow.server.communication.IndexHtmlResponse;
import io.plumbline.console.component.Failures;
import io.plumbline.console.i18n.Languages;
import io.plumbline.console.i18n.Translations;
import io.plumbline.console.session.SignInRecord;
import io.plumbline.console.session.ViewAccess;
import io.plumbline.platform.error.PlatformException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Optional;

/** What holds for every page: language, headers, and that nobody enters a view whose scope they lack. */
@ApplicationScoped
class ConsoleStart {
    private static final int FORBIDDEN = 403;
    /** Flow evaluates small scripts that the server sends; everything comes from this server alone. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
                    + " style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self';"
                    + " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private final ViewAccess access;
    private final SignInRecord record;

    @Inject
    ConsoleStart(ViewAccess access, SignInRecord record) {
        this.access = access;
        this.record = record;
    }

    void service(@Observes ServiceInitEvent started) {
        VaadinService service = started.getSource();
        service.addSessionInitListener(begun -> {
            VaadinSession session = begun.getSession();
            session.setLocale(Languages.of(begun.getRequest()));
            session.setErrorHandler(failure -> Failures.show(failure.getThrowable()));
        });
        service.addUIInitListener(begun -> guard(begun.getUI()));
        service.setSystemMessagesProvider(about -> messages(about.getLocale()));
        started.addIndexHtmlRequestListener(this::page);
    }

    private void guard(UI ui) {
        ui.addBeforeEnterListener(this::check);
    }

    private void check(BeforeEnterEvent entering) {
        if (entering.isErrorEvent()) {
            return;
        }
        if (entering.getNavigationTarget().getName().startsWith("com.vaadin.")) {
            // Flow's own fallback for addresses that it hopes the browser knows; there are none such here.
            entering.rerouteToError(NotFoundException.class);
            return;
        }
        try {
            access.check(entering.getNavigationTarget());
            record.begin();
        } catch (PlatformException refused) {
            entering.rerouteToError(refused, String.valueOf(refused.getMessage()));
        }
    }

    private void page(IndexHtmlResponse page) {
        VaadinResponse response = page.getVaadinResponse();
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        page.getDocument()
                .child(0)
                .attr("lang", Languages.of(page.getVaadinRequest()).toLanguageTag());
        page.getDocument().head().appendElement("script").attr("src", "/console/console-assets/session.js");
        if (!access.allowed(
                Optional.ofNullable(page.getVaadinRequest().getPathInfo()).orElse("/"))) {
            response.setStatus(FORBIDDEN);
        }
    }

    private static SystemMessages messages(Locale locale) {
        CustomizedSystemMessages messages = new CustomizedSystemMessages();
        messages.setSessionExpiredNotificationEnabled(true);
        messages.setSessionExpiredCaption(said("shell.session_expired", locale));
        messages.setSessionExpiredMessage(said("shell.session_expired_remedy", locale));
        messages.setInternalErrorCaption(said("shell.internal_error", locale));
        messages.setInternalErrorMessage(said("shell.internal_error_remedy", locale));
        return messages;
    }

    private static String said(String key, Locale locale) {
        return Translations.pattern(key, locale).orElse(key);
    }
}
