package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.UI;
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
import io.plumbline.console.component.Fetched;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.members.Member;
import java.util.ArrayList;
import java.util.List;

/** The organisation's people. Keycloak keeps them, so the list is fetched beside the page. */
final class MembersPanel extends Div {
    private static final long serialVersionUID = 1L;
    private static final int PAGE = 50;

    private final transient AccessDesk desk;
    private final transient ConsoleSession session;
    private final Grid<Member> grid = new Grid<>();
    private final Div notice = new Div();
    private final Button more;
    private final transient List<Member> shown = new ArrayList<>();

    MembersPanel(AccessDesk desk, ConsoleSession session) {
        this.desk = desk;
        this.session = session;
        addClassName("tab-panel");
        Button add = new Button(text("access.add_member"), VaadinIcon.PLUS.create(), click -> askForMember());
        add.setId("add-member");
        add.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Paragraph about = new Paragraph(text("access.members_about"));
        about.addClassName("muted");
        Div head = new Div(about, add);
        head.addClassName("tab-head");
        more = new Button(
                text("access.more_members"), click -> click.getSource().getUI().ifPresent(this::loadMore));
        more.setVisible(false);
        notice.addClassName("notice");
        notice.setId("members-notice");
        notice.setVisible(false);
        columns();
        add(head, notice, grid, more);
    }

    private void columns() {
        grid.setId("members");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setAllRowsVisible(true);
        grid.addColumn(Member::name)
                .setHeader(text("access.member_name"))
                .setAutoWidth(true)
                .setSortable(true);
        grid.addColumn(Member::username)
                .setHeader(text("access.email"))
                .setAutoWidth(true)
                .setSortable(true);
        grid.addComponentColumn(MembersPanel::roles)
                .setHeader(text("access.roles"))
                .setFlexGrow(2);
        grid.addComponentColumn(MembersPanel::state)
                .setHeader(text("access.account"))
                .setAutoWidth(true);
        grid.addComponentColumn(this::actions).setHeader("").setAutoWidth(true).setFlexGrow(0);
        Span empty = new Span(text("access.no_members"));
        empty.addClassName("empty");
        grid.setEmptyStateComponent(empty);
    }

    private static Div roles(Member member) {
        Div roles = new Div();
        roles.addClassName("badges");
        for (Role role : member.roles()) {
            Span badge = new Span(ScopeTexts.name(role));
            badge.addClassName("badge");
            roles.add(badge);
        }
        if (member.roles().isEmpty()) {
            roles.add(new Span(text("access.no_role")));
        }
        return roles;
    }

    private static Span state(Member member) {
        Span badge = new Span(text(member.enabled() ? "access.enabled" : "access.disabled"));
        badge.addClassNames("badge", member.enabled() ? "good" : "bad");
        return badge;
    }

    private Div actions(Member member) {
        Div actions = new Div();
        actions.addClassName("row-actions");
        if (member.username().equalsIgnoreCase(session.person().subject())) {
            Span self = new Span(text("access.yourself"));
            self.addClassName("muted");
            actions.add(self);
            return actions;
        }
        Button change = action(text("access.change_roles"), "change-", member);
        change.addClickListener(click -> new ChangeRolesDialog(desk, member, this::reload).open());
        Button password = action(text("access.new_password"), "password-", member);
        password.addClickListener(click -> askToReset(member));
        Button remove = action(text("access.remove"), "remove-", member);
        remove.addThemeVariants(ButtonVariant.LUMO_ERROR);
        remove.addClickListener(click -> askToRemove(member));
        actions.add(change, password, remove);
        return actions;
    }

    private static Button action(String label, String prefix, Member member) {
        Button button = new Button(label);
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY_INLINE);
        button.setId(prefix + member.id());
        return button;
    }

    private void askForMember() {
        new NewMemberDialog(desk, added -> {
                    reload();
                    added.temporaryPassword()
                            .ifPresentOrElse(
                                    password -> showPassword(added.member(), password),
                                    () -> Failures.done(text(
                                            "access.member_taken_in",
                                            added.member().name())));
                })
                .open();
    }

    private static void showPassword(Member member, String password) {
        new OneTimeSecret(
                        text("access.password_of", member.username()),
                        text("access.temporary_password"),
                        password,
                        text("access.password_warning"))
                .open();
    }

    private void askToReset(Member member) {
        ConfirmDialog question = question(
                text("access.reset_question", member.name()), text("access.reset_effect"), text("access.new_password"));
        question.addConfirmListener(confirmed -> {
            try {
                showPassword(member, desk.resetPassword(member.id()));
            } catch (RuntimeException refused) {
                Failures.show(refused);
            }
        });
        question.open();
    }

    private void askToRemove(Member member) {
        ConfirmDialog question = question(
                text("access.remove_question", member.name()), text("access.remove_effect"), text("access.remove"));
        question.setConfirmButtonTheme("error primary");
        question.addConfirmListener(confirmed -> {
            try {
                desk.remove(member.id());
                Failures.done(text("access.removed", member.name()));
            } catch (RuntimeException refused) {
                Failures.show(refused);
            }
            reload();
        });
        question.open();
    }

    private static ConfirmDialog question(String header, String effect, String confirm) {
        ConfirmDialog question = new ConfirmDialog();
        question.setId("member-question");
        question.setHeader(header);
        question.setText(effect);
        question.setCancelable(true);
        question.setCancelText(text("access.cancel"));
        question.setConfirmText(confirm);
        return question;
    }

    private void reload() {
        shown.clear();
        getUI().ifPresent(this::loadMore);
    }

    private void loadMore(UI ui) {
        int offset = shown.size();
        Live.load(ui, session, () -> desk.members(offset, PAGE + 1), fetched -> show(offset, fetched));
    }

    private void show(int offset, Fetched<List<Member>> fetched) {
        if (offset != shown.size()) {
            return; // an older request for a part that is there already
        }
        notice.setVisible(fetched.failure().isPresent());
        fetched.failure().map(Failures::message).ifPresent(notice::setText);
        List<Member> found = fetched.value().orElse(List.of());
        shown.addAll(found.subList(0, Math.min(PAGE, found.size())));
        more.setVisible(found.size() > PAGE);
        grid.setItems(List.copyOf(shown));
        grid.recalculateColumnWidths();
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        super.onAttach(attached);
        reload();
    }
}
