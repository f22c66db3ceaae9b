package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.plumbline.console.component.Failures;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.finetune.dataset.ChatRow;
import io.plumbline.platform.dataset.FileRows;
import io.plumbline.platform.dataset.TrainingFile;

/** The conversations of a file, a page at a time; what is stored is shown as text, whatever it looks like. */
final class RowBrowser extends Div {
    private static final long serialVersionUID = 1L;
    private static final int PAGE = 20;

    private final transient ConsoleSession session;
    private final transient DatasetDesk desk;
    private final transient TrainingFile file;
    private final TextField search = new TextField();
    private final IntegerField jump = new IntegerField();
    private final Span position = new Span();
    private final Button before = new Button(text("datasets.browse.before"), click -> show(this.from - PAGE));
    private final Button after = new Button(text("datasets.browse.after"), click -> show(this.from + PAGE));
    private final Div rows = new Div();
    private int from;
    /** A page that was asked for later wins, whichever is read first. */
    private int asked;

    RowBrowser(ConsoleSession session, DatasetDesk desk, TrainingFile file) {
        this.session = session;
        this.desk = desk;
        this.file = file;
        addClassName("panel");
        search.setId("rows-search");
        search.setWidth("20rem");
        search.setPlaceholder(text("datasets.browse.search"));
        search.setAriaLabel(text("datasets.browse.search"));
        search.setClearButtonVisible(true);
        search.setValueChangeMode(ValueChangeMode.LAZY);
        search.setValueChangeTimeout(500);
        search.addValueChangeListener(typed -> show(0));
        jump.setId("rows-jump");
        jump.setAriaLabel(text("datasets.browse.jump"));
        jump.setPlaceholder(text("datasets.browse.jump"));
        jump.setMin(1);
        jump.setMax(file.rows());
        jump.addValueChangeListener(typed -> {
            if (typed.getValue() != null && !jump.isInvalid()) {
                show(typed.getValue() - 1);
            }
        });
        before.setId("rows-before");
        after.setId("rows-after");
        position.setId("rows-position");
        rows.setId("rows");
        rows.addClassName("rows");
        Div bar = new Div(search, jump, position, before, after);
        bar.addClassName("actions");
        add(new H3(text("datasets.browse")), bar, rows);
        addAttachListener(attached -> show(from));
    }

    private void show(int wanted) {
        from = Math.max(0, wanted);
        int first = from;
        int number = ++asked;
        String text = search.getValue();
        jump.setVisible(text.isBlank());
        getUI().ifPresent(ui -> Live.start(session, () -> read(ui, number, text, first)));
    }

    private void read(UI ui, int number, String text, int first) {
        try {
            FileRows.Page page = desk.rows(file.id(), text, first, PAGE);
            Live.update(ui, () -> {
                if (number == asked) {
                    draw(page, !text.isBlank());
                }
            });
        } catch (RuntimeException failure) {
            Live.update(ui, () -> Failures.show(failure));
        }
    }

    private void draw(FileRows.Page page, boolean searched) {
        rows.removeAll();
        page.rows().forEach(row -> rows.add(row(row)));
        if (page.rows().isEmpty()) {
            Div none = new Div(new Span(text("datasets.browse.none")));
            none.addClassName("empty");
            rows.add(none);
        }
        String span = page.rows().isEmpty()
                ? "0"
                : number((long) from + 1) + "–"
                        + number((long) from + page.rows().size());
        position.setText(
                searched
                        ? text("datasets.browse.matches", span)
                        : text("datasets.browse.position", span, number((long) file.rows())));
        before.setEnabled(from > 0);
        after.setEnabled(page.more());
    }

    private static Div row(ChatRow row) {
        Span line = new Span(text("datasets.browse.line", number((long) row.line())));
        line.addClassName("muted");
        Div shown = new Div(line);
        shown.addClassName("row");
        row.turns().forEach(turn -> shown.add(turn(turn)));
        return shown;
    }

    private static Div turn(ChatRow.Turn turn) {
        String role = turn.message().role();
        Span who = new Span(text("datasets.role." + role));
        who.addClassNames("badge", "role");
        Div words = new Div();
        words.setText(turn.message().content());
        words.addClassName("prose");
        Div shown = new Div(who, words);
        shown.addClassNames("turn", role);
        if (role.equals("assistant") && !turn.trained()) {
            Span not = new Span(text("datasets.browse.not_trained"));
            not.addClassName("badge");
            shown.add(not);
        }
        return shown;
    }
}
