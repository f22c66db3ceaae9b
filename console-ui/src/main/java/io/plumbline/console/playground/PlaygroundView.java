package io.plumbline.console.playground;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.DetachEvent;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.dom.Element;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.VaadinSession;
import io.plumbline.console.component.Failures;
import io.plumbline.console.component.KeptTextArea;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.RunningAnswer;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Asks a model and shows its answer as it comes, with the rules that spoke. */
@RequiresScope(Scope.INFERENCE)
@Route(value = "playground", layout = MainLayout.class)
@Menu(order = 40, icon = "vaadin:chat", title = "playground.title")
public class PlaygroundView extends Div implements Titled {
    private static final long serialVersionUID = 1L;
    /** How often a growing answer is drawn: as fast as it reads, and no request for every letter. */
    private static final long DRAW_NANOS = 100_000_000;

    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final String NOT_COMPOSING =
            "event.key === 'Enter' && !event.shiftKey && !event.isComposing && (event.preventDefault(), true)";

    private final transient ConsoleSession session;
    private final transient PlaygroundDesk desk;
    private final transient Conversation conversation;
    private final SettingsPanel settings;
    private final Div turns = new Div();
    private final Div empty = new Div();
    private final KeptTextArea input;
    private final Button send = new Button(text("playground.send"), VaadinIcon.PAPERPLANE.create());
    private final Button stop = new Button(text("playground.stop"), VaadinIcon.STOP.create());

    @Inject
    public PlaygroundView(ConsoleSession session, PlaygroundDesk desk) {
        this.session = session;
        this.desk = desk;
        this.conversation = Conversation.of(VaadinSession.getCurrent(), session.tenant());
        List<ModelChoice> models = desk.models();
        settings = new SettingsPanel(conversation, models);
        input = new KeptTextArea("", "playground:" + session.person().subject());
        addClassNames("view", "chat");
        empty.setText(text(models.isEmpty() ? "playground.no_model" : "playground.empty"));
        empty.addClassName("empty");
        turns.addClassName("turns");
        turns.setId("chat-turns");
        turns.getElement().setAttribute("role", "log");
        add(new Div(turns, composer()), settings);
        getChildren().findFirst().ifPresent(main -> main.addClassName("chat-main"));
        conversation.turns().forEach(turn -> turns.add(panel(turn)));
        busy(false);
        send.setEnabled(!models.isEmpty());
        Live.poll(this, session, LOOK, this::lookAtHeld, looked -> drawAll());
    }

    /** On a thread of its own: whether a reviewer has decided on what is held. */
    private boolean lookAtHeld() {
        for (Turn turn : conversation.turns()) {
            Reply reply = turn.reply();
            if (reply.phase() == Reply.Phase.HELD) {
                reply.answerId().flatMap(desk::decided).ifPresent(turn::decided);
            }
        }
        return true;
    }

    private void drawAll() {
        turns.getChildren()
                .filter(TurnPanel.class::isInstance)
                .map(TurnPanel.class::cast)
                .forEach(TurnPanel::draw);
    }

    private Div composer() {
        input.setId("chat-input");
        input.setPlaceholder(text("playground.input"));
        input.setAriaLabel(text("playground.input"));
        input.setMinRows(2);
        input.setMaxRows(10);
        Element field = input.getElement();
        field.addEventListener(
                        "keydown",
                        event -> ask(event.getEventData().path("element.value").asString()))
                .setFilter(NOT_COMPOSING)
                .addEventData("element.value");
        send.setId("chat-send");
        send.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        send.addClickListener(click -> ask(input.getValue()));
        stop.setId("chat-stop");
        stop.addThemeVariants(ButtonVariant.LUMO_ERROR);
        stop.addClickListener(click -> conversation.turns().forEach(Turn::stop));
        Button fresh = new Button(text("playground.new"), click -> begin());
        fresh.setId("chat-new");
        fresh.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        Button curl = new Button(text("playground.curl"), click -> settings.request(curlQuestion())
                .ifPresentOrElse(question -> new CurlDialog(question).open(), this::tellUnfit));
        curl.setId("chat-curl");
        curl.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        Div actions = new Div(send, stop, fresh, curl);
        actions.addClassName("actions");
        Div composer = new Div(input, actions);
        composer.addClassName("composer");
        return composer;
    }

    /** What stands in the field, else the last question, so that the command does something. */
    private String curlQuestion() {
        List<Turn> asked = conversation.turns();
        if (!input.getValue().isBlank() || asked.isEmpty()) {
            return input.getValue();
        }
        return asked.getLast().question();
    }

    private TurnPanel panel(Turn turn) {
        empty.removeFromParent();
        return new TurnPanel(
                turn, new TurnPanel.Rights(session.may(Scope.AUDIT_READ), session.may(Scope.REVIEWS_READ)));
    }

    private void begin() {
        conversation.clear();
        turns.removeAll();
        turns.add(empty);
        input.focus();
    }

    private void tellUnfit() {
        Failures.show(text("playground.unfit"));
    }

    private void ask(String question) {
        if (question.isBlank() || !send.isEnabled()) {
            return;
        }
        settings.request(question).ifPresentOrElse(request -> begin(question, request), this::tellUnfit);
    }

    private void begin(String question, ChatQuestion request) {
        Turn turn = new Turn(question);
        TurnPanel panel = panel(turn);
        conversation.add(turn);
        turns.add(panel);
        scroll(true);
        input.setValue("");
        // The server may not have had the last letters, and then has nothing to take back.
        input.getElement().executeJs("this.value = ''");
        input.discard();
        busy(true);
        UI ui = UI.getCurrent();
        Thread waiting = Live.start(
                session,
                () -> answer(
                        turn,
                        request,
                        () -> Live.update(ui, () -> {
                            panel.draw();
                            scroll(false);
                            busy(turn.reply().phase().running());
                        })));
        waiting.setName("playground");
    }

    /** On a thread of its own, until the answer has ended. */
    private void answer(Turn turn, ChatQuestion request, Runnable draw) {
        AtomicLong drawn = new AtomicLong();
        try {
            desk.ask(request, new AnswerObserver() {
                @Override
                public void begun(RunningAnswer answer) {
                    turn.begun(answer);
                }

                @Override
                public void text(String more) {
                    turn.text(more);
                    long now = System.nanoTime();
                    if (now - drawn.get() > DRAW_NANOS) {
                        drawn.set(now);
                        draw.run();
                    }
                }

                @Override
                public void ended(AnswerEnd end) {
                    turn.ended(end);
                }
            });
        } catch (RuntimeException failure) {
            turn.failed(failure);
        }
        draw.run();
    }

    private void busy(boolean running) {
        send.setEnabled(!running);
        stop.setVisible(running);
        if (turns.getComponentCount() == 0) {
            turns.add(empty);
        }
    }

    /** Follows the answer, unless somebody reads further up. */
    private void scroll(boolean always) {
        turns.getElement()
                .executeJs(
                        "if (this.near === undefined) { this.addEventListener('scroll', () => {"
                                + " this.near = this.scrollHeight - this.scrollTop - this.clientHeight < 160; }); }"
                                + " if ($0 || this.near !== false) {"
                                + " requestAnimationFrame(() => { this.scrollTop = this.scrollHeight; }); this.near = true; }",
                        always);
    }

    @Override
    protected void onDetach(DetachEvent detached) {
        // Nobody reads on: generation would only cost.
        conversation.turns().stream()
                .filter(turn -> turn.reply().phase().running())
                .forEach(Turn::stop);
        super.onDetach(detached);
    }

    @Override
    public String title() {
        return text("playground.title");
    }
}
