package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CaseSummary;
import io.plumbline.compliance.review.Decision;
import io.plumbline.compliance.review.Lease;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewException;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.console.component.Failures;
import io.plumbline.console.component.Keys;
import io.plumbline.console.component.Live;
import io.plumbline.console.component.RuleCard;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.review.CaseOnDesk;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One held answer, to be decided. Opening it claims it; the lease is renewed while somebody works, and what they type is kept
 * whatever becomes of it.
 */
@RequiresScope(Scope.REVIEWS_READ)
@Route(value = "reviews/:id", layout = MainLayout.class)
public class CaseView extends Div implements Titled, BeforeEnterObserver, CaseActions.Commands {
    private static final long serialVersionUID = 1L;
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final int LOOK_AHEAD = 20;

    private final transient ConsoleSession session;
    private final transient CasesDesk desk;
    private final transient Clock clock;
    private final String person;
    private final StandingBar bar;
    private final CaseActions actions = new CaseActions(this);
    private final NextCase next;
    private final Div remaining = new Div();
    private transient Optional<CaseEditor> editor = Optional.empty();
    private transient Optional<ReviewCase> current = Optional.empty();
    private volatile String id = "";
    private transient volatile Standing standing = new Standing.Watching();
    private volatile Instant active = Instant.MIN;
    private volatile Duration leaseLength = Duration.ofMinutes(5);

    @Inject
    public CaseView(ConsoleSession session, CasesDesk desk, Clock clock) {
        this.session = session;
        this.desk = desk;
        this.clock = clock;
        this.person = session.person().subject();
        this.bar = new StandingBar(person, this::claim);
        this.next = new NextCase(this::open);
        addClassNames("view", "case");
        Keys.listen(this, List.of("a", "e", "r", "x", "c", "n", "Escape", "?"), this::pressed);
        Keys.onActivity(this, () -> active = clock.instant());
        Live.poll(this, session, EVERY, this::look, this::show);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent entering) {
        id = entering.getRouteParameters().get("id").orElse("");
        try {
            CaseOnDesk found = desk.get(id);
            next.setVisible(false);
            standing = enter(found.reviewCase());
            ReviewCase now = standing instanceof Standing.Working ? desk.get(id).reviewCase() : found.reviewCase();
            editor = now.state().terminal()
                    ? Optional.empty()
                    : Optional.of(new CaseEditor(now, found.draft(), person, this::typed));
            draw(now);
        } catch (ReviewException.UnknownCase unknown) {
            entering.rerouteToError(NotFoundException.class);
        }
    }

    /** Claims the case if that is possible. */
    private Standing enter(ReviewCase found) {
        if (found.state().terminal()) {
            return new Standing.Ended();
        }
        return session.may(Scope.REVIEWS_DECIDE) ? claiming(() -> desk.claim(id)) : new Standing.Watching();
    }

    private Standing claiming(Supplier<ReviewCase> claim) {
        try {
            Lease lease = claim.get().lease().orElseThrow();
            active = clock.instant();
            leaseLength = Duration.between(active, lease.expiresAt());
            return new Standing.Working(lease);
        } catch (ReviewException.ClaimedByAnother taken) {
            return new Standing.Taken(new Lease(0, taken.holder(), taken.until()));
        } catch (ReviewException.FourEyes | ReviewException.AlreadyDecided refused) {
            return new Standing.Barred(Failures.message(refused));
        }
    }

    private void draw(ReviewCase now) {
        current = Optional.of(now);
        removeAll();
        CaseEvidence evidence = new CaseEvidence(now);
        Div left = new Div(evidence);
        left.addClassName("case-left");
        editor.ifPresent(left::add);
        boolean audit = session.may(Scope.AUDIT_READ) && now.tenant().equals(session.tenant());
        Div body = new Div(left, new CaseFacts(now, audit));
        body.addClassName("case-body");
        add(head(now), bar, next, body);
        if (editor.isPresent()) {
            add(actions);
        }
        refresh();
    }

    private Div head(ReviewCase now) {
        Button back = new Button(text("review.back"), VaadinIcon.ARROW_LEFT.create(), click -> back());
        back.setId("case-back");
        back.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        H2 subject = new H2(CaseWords.subject(now.findings()));
        Button help =
                new Button(text("review.keys"), click -> KeysDialog.ofCase().open());
        help.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        Span tenant = new Span(now.tenant().value());
        tenant.addClassName("badge");
        Div head = new Div(
                back,
                subject,
                tenant,
                RuleCard.severity(now.severity()),
                CaseWords.state(now.state()),
                CaseWords.level(now.level()),
                remaining,
                help);
        head.addClassName("case-head");
        return head;
    }

    /** Shows what follows from the standing. */
    private void refresh() {
        Instant now = clock.instant();
        bar.show(standing, now);
        current.ifPresent(held -> {
            remaining.removeAll();
            if (!held.state().terminal()) {
                remaining.add(CaseWords.remaining(held.deadline(), now));
            }
            boolean working = standing instanceof Standing.Working;
            editor.ifPresent(typing -> {
                typing.open(standing.typing());
                actions.offer(working, typing.asReleasable(), typing.inForm(), held.level() == ReviewLevel.SECOND);
            });
        });
    }

    /** On a thread of its own: renews the lease of somebody who works, and looks at what there is. */
    private ReviewCase look() {
        if (standing instanceof Standing.Working(Lease lease) && due(lease)) {
            try {
                return desk.renew(id, lease.token());
            } catch (ReviewException.LeaseLost | ReviewException.AlreadyDecided ended) {
                return desk.get(id).reviewCase();
            }
        }
        return desk.get(id).reviewCase();
    }

    /** Half of the lease is over, and somebody moved or typed since it was due last. */
    private boolean due(Lease lease) {
        Instant now = clock.instant();
        boolean half = Duration.between(now, lease.expiresAt()).compareTo(leaseLength.dividedBy(2)) < 0;
        return half && active.plus(leaseLength).isAfter(now);
    }

    private void show(ReviewCase now) {
        if (!now.id().value().equals(id)) {
            return; // a look at the case before, which came late
        }
        boolean ended = now.state().terminal()
                && current.filter(held -> held.state().terminal()).isEmpty();
        standing = standing.after(now);
        if (ended) {
            // What was typed stays in view, if anything was.
            editor = editor.filter(typing -> !typing.untouched());
            draw(now);
        } else {
            refresh();
        }
    }

    private void typed() {
        active = clock.instant();
        editor.ifPresent(typing -> standing.typingToken().ifPresent(token -> {
            try {
                desk.saveDraft(id, token, typing.draft());
            } catch (ReviewException.LeaseLost | ReviewException.AlreadyDecided kept) {
                // The words are kept; the bar says how it stands.
                show(desk.get(id).reviewCase());
            }
            typing.settled();
        }));
        refresh();
    }

    private void claim() {
        if (standing instanceof Standing.Working || standing instanceof Standing.Ended) {
            return;
        }
        Standing before = standing;
        Standing after = claiming(() -> desk.claim(id));
        // Words that were typed under the lease before belong to the one who typed them, whoever holds the case now.
        standing = before instanceof Standing.Lost(long token, Optional<Lease> ignored)
                        && after instanceof Standing.Taken(Lease lease)
                ? new Standing.Lost(token, Optional.of(lease))
                : after;
        show(desk.get(id).reviewCase());
        if (standing instanceof Standing.Working) {
            editor.ifPresent(typing -> {
                if (!typing.untouched()) {
                    typed();
                }
            });
        }
    }

    private void pressed(String key) {
        boolean working = standing instanceof Standing.Working;
        switch (key) {
            case "a" -> whileWorking(working, this::confirmApproval);
            case "e" -> whileWorking(working, this::edit);
            case "r" -> whileWorking(working, this::reject);
            case "x" -> whileWorking(working && actions.mayEscalate(), this::escalate);
            case "c" -> claim();
            case "n" -> next.offered().ifPresent(this::open);
            case "Escape" -> back();
            default -> KeysDialog.ofCase().open();
        }
    }

    private static void whileWorking(boolean working, Runnable command) {
        if (working) {
            command.run();
        }
    }

    /** A single key must not release anything by mistake: Enter confirms. What is not of its form is not released at all. */
    private void confirmApproval() {
        if (editor.filter(CaseEditor::inForm).isEmpty()) {
            edit();
            return;
        }
        new ApprovalDialog(this::approve).open();
    }

    @Override
    public void approve() {
        editor.ifPresent(typing -> decide(typing.approval(), typing.note()));
    }

    @Override
    public void edit() {
        editor.ifPresent(CaseEditor::focusText);
    }

    @Override
    public void reject() {
        ask("reject", reason -> decide(new Decision.Reject(reason), Optional.empty()));
    }

    @Override
    public void escalate() {
        ask("escalate", reason -> decide(new Decision.Escalate(reason), Optional.empty()));
    }

    private void ask(String kind, Consumer<String> decided) {
        editor.ifPresent(typing -> new ReasonDialog(kind, typing.note().orElse(""), typing::note, decided).open());
    }

    private void decide(Decision decision, Optional<String> note) {
        if (!(standing instanceof Standing.Working(Lease lease))) {
            return;
        }
        try {
            ReviewCase after = desk.decide(id, lease.token(), decision, note);
            editor.ifPresent(CaseEditor::discard);
            decided(after, decision);
        } catch (ReviewException.LeaseLost | ReviewException.AlreadyDecided late) {
            Failures.show(late);
            show(desk.get(id).reviewCase());
        } catch (ReviewException refused) {
            Failures.show(refused);
        }
    }

    private void decided(ReviewCase after, Decision decision) {
        String done =
                switch (decision) {
                    case Decision.Approve ignored -> text("review.done_approved");
                    case Decision.Edit ignored -> text("review.done_edited");
                    case Decision.Reject ignored -> text("review.done_rejected");
                    case Decision.Escalate ignored -> text("review.done_escalated");
                };
        standing =
                after.state().terminal() ? new Standing.Ended() : new Standing.Barred(text("review.escalated_by_you"));
        editor = Optional.empty();
        draw(after);
        List<CaseSummary> open = desk.list(CaseFilter.OPEN, LOOK_AHEAD).cases();
        Optional<CaseSummary> following = open.stream()
                .filter(item -> !item.id().value().equals(id))
                .filter(item ->
                        item.lease().filter(l -> !l.holder().equals(person)).isEmpty())
                .findFirst();
        long waiting = desk.counts().pending() + desk.counts().claimed();
        next.offer(done, following, waiting);
    }

    @Override
    public void release() {
        giveBack();
        UI.getCurrent().navigate(ReviewsView.class);
    }

    /** Whoever typed nothing needs not keep colleagues waiting. */
    private void back() {
        if (editor.filter(CaseEditor::untouched).isPresent()) {
            giveBack();
        }
        UI.getCurrent().navigate(ReviewsView.class);
    }

    private void giveBack() {
        if (standing instanceof Standing.Working(Lease lease)) {
            try {
                desk.release(id, lease.token());
            } catch (ReviewException.LeaseLost | ReviewException.AlreadyDecided ended) {
                Failures.done(text("review.lease_was_over"));
            }
        }
    }

    private void open(String other) {
        UI.getCurrent().navigate("reviews/" + other);
    }

    @Override
    public String title() {
        return text("review.case_title");
    }
}
