package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.confirmdialog.ConfirmDialog;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import io.plumbline.console.component.Failures;
import io.plumbline.console.i18n.Texts;
import io.plumbline.platform.identity.ApiKey;
import io.plumbline.platform.identity.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Collectors;

/** The organisation's API keys. */
final class KeysPanel extends Div {
    private static final long serialVersionUID = 1L;
    private static final Duration SOON = Duration.ofDays(7);

    private final transient AccessDesk desk;
    private final Grid<ApiKey> grid = new Grid<>();

    KeysPanel(AccessDesk desk) {
        this.desk = desk;
        addClassName("tab-panel");
        Button create = new Button(text("access.create_key"), VaadinIcon.PLUS.create(), click -> askForKey());
        create.setId("create-key");
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Paragraph about = new Paragraph(text("access.keys_about"));
        about.addClassName("muted");
        Div head = new Div(about, create);
        head.addClassName("tab-head");
        columns();
        add(head, grid);
    }

    private void columns() {
        grid.setId("keys");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setAllRowsVisible(true);
        grid.addComponentColumn(key -> twoLines(new Span(key.name()), mono(key.prefix() + "-…")))
                .setHeader(text("access.key_name"))
                .setComparator(Comparator.comparing(ApiKey::name))
                .setWidth("15rem")
                .setFlexGrow(1);
        grid.addComponentColumn(KeysPanel::scopes)
                .setHeader(text("access.scopes"))
                .setWidth("14rem")
                .setFlexGrow(2);
        grid.addComponentColumn(key -> twoLines(new Span(Texts.time(key.createdAt())), muted(key.createdBy())))
                .setHeader(text("access.created"))
                .setWidth("13rem")
                .setFlexGrow(0);
        grid.addComponentColumn(key -> twoLines(
                        expiry(key),
                        muted(text(
                                "access.last_used",
                                key.lastUsedAt().map(Texts::time).orElseGet(() -> text("access.never_used"))))))
                .setHeader(text("access.expires"))
                .setWidth("17rem")
                .setFlexGrow(0);
        grid.addComponentColumn(this::revoke).setHeader("").setAutoWidth(true).setFlexGrow(0);
        Span empty = new Span(text("access.no_keys"));
        empty.addClassName("empty");
        grid.setEmptyStateComponent(empty);
    }

    private static Span mono(String content) {
        Span span = new Span(content);
        span.addClassName("mono");
        return span;
    }

    private static Span muted(String content) {
        Span span = new Span(content);
        span.addClassName("muted");
        return span;
    }

    private static Div twoLines(Span first, Span second) {
        Div lines = new Div(new Div(first), new Div(second));
        lines.addClassName("two-lines");
        return lines;
    }

    private static Div scopes(ApiKey key) {
        Div names = new Div(key.scopes().stream().sorted().map(Scope::wireName).collect(Collectors.joining(", ")));
        names.addClassName("scope-names");
        return names;
    }

    private static Span expiry(ApiKey key) {
        if (key.expiresAt().isEmpty()) {
            return new Span(text("access.never_expires"));
        }
        Instant end = key.expiresAt().get();
        Instant now = Clock.systemUTC().instant();
        Span when = new Span(Texts.time(end));
        if (!end.isAfter(now)) {
            when.setText(text("access.expired", Texts.time(end)));
            when.addClassNames("badge", "bad");
        } else if (end.isBefore(now.plus(SOON))) {
            when.addClassNames("badge", "wait");
        }
        return when;
    }

    private Button revoke(ApiKey key) {
        Button button = new Button(text("access.revoke"), click -> askToRevoke(key));
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY_INLINE, ButtonVariant.LUMO_ERROR);
        button.setId("revoke-" + key.id());
        return button;
    }

    private void askForKey() {
        new NewKeyDialog(desk, created -> {
                    refresh();
                    new OneTimeSecret(
                                    text("access.key_created", created.key().name()),
                                    text("access.key_secret"),
                                    created.secret(),
                                    text("access.key_warning"))
                            .open();
                })
                .open();
    }

    private void askToRevoke(ApiKey key) {
        ConfirmDialog question = new ConfirmDialog();
        question.setId("revoke-dialog");
        question.setHeader(text("access.revoke_question", key.name()));
        question.setText(text("access.revoke_effect"));
        question.setCancelable(true);
        question.setCancelText(text("access.cancel"));
        question.setConfirmText(text("access.revoke"));
        question.setConfirmButtonTheme("error primary");
        question.addConfirmListener(confirmed -> {
            try {
                desk.revoke(key.id());
                Failures.done(text("access.revoked", key.name()));
            } catch (RuntimeException refused) {
                Failures.show(refused);
            }
            refresh();
        });
        question.open();
    }

    private void refresh() {
        grid.setItems(desk.keys());
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        super.onAttach(attached);
        refresh();
    }
}
