package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.Decision;
import io.plumbline.compliance.review.Draft;
import io.plumbline.compliance.review.DraftText;
import io.plumbline.compliance.review.FormOfRelease;
import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.screen.Notice;
import io.plumbline.console.component.KeptTextArea;
import io.plumbline.inference.constraint.Misfit;
import io.plumbline.inference.pool.OutputConstraint;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What would be released, to be changed, and the remark that goes with a decision. Nothing typed here gets lost. */
final class CaseEditor extends Div {
    private static final long serialVersionUID = 1L;

    private final Map<Integer, KeptTextArea> texts = new TreeMap<>();
    private final transient Map<Integer, HeldChoice> choices = new TreeMap<>();
    private final transient FormOfRelease form;
    private final KeptTextArea note;
    private final Button restore = new Button(text("review.restore"));

    /**
     * @param person whose words these are: another person at the same browser has their own
     * @param changed after each change that has arrived
     */
    CaseEditor(ReviewCase held, Optional<Draft> draft, String person, Runnable changed) {
        addClassName("panel");
        setId("case-text");
        String key = "case:%s:%s:".formatted(held.id().value(), person);
        add(new H3(text("review.would_release")));
        Span about = new Span(text("review.would_release_about"));
        about.addClassName("muted");
        add(about);
        form = FormOfRelease.of(held);
        FormWords.about(held.form()).ifPresent(this::add);
        for (HeldChoice choice : held.choices()) {
            add(field(choice, draft, key + choice.index(), held));
            choice.notices().forEach(notice -> add(beside(notice)));
        }
        restore.setId("case-restore");
        restore.addThemeVariants(ButtonVariant.LUMO_SMALL, ButtonVariant.LUMO_TERTIARY);
        restore.addClickListener(click -> texts.forEach((index, area) -> area.setValue(released(index))));
        note = new KeptTextArea(text("review.note"), key + "note");
        note.setId("case-note");
        note.setHelperText(text("review.note_about"));
        note.setMinRows(2);
        note.setWidthFull();
        note.setValue(draft.map(kept -> kept.text().note()).orElse(""));
        add(restore, note);
        texts.forEach((index, area) -> {
            judge(index, area);
            area.addValueChangeListener(event -> {
                judge(index, area);
                changed.run();
            });
        });
        note.addValueChangeListener(event -> changed.run());
    }

    private KeptTextArea field(HeldChoice choice, Optional<Draft> draft, String key, ReviewCase held) {
        choices.put(choice.index(), choice);
        KeptTextArea area =
                new KeptTextArea(held.choices().size() > 1 ? text("review.choice", choice.index() + 1) : "", key);
        area.setId(choice.index() == 0 ? "case-editor" : "case-editor-" + choice.index());
        area.setAriaLabel(text("review.would_release"));
        area.setWidthFull();
        area.setMinRows(4);
        area.setMaxRows(18);
        area.setManualValidation(true);
        area.setClassName("of-a-form", !(held.form() instanceof OutputConstraint.Free));
        area.setValue(draft.map(kept -> kept.text().texts().get(choice.index())).orElse(choice.releasable()));
        texts.put(choice.index(), area);
        return area;
    }

    /** Words that the caller gets beside the text, which has a form of its own. */
    private static Div beside(Notice notice) {
        Span about = new Span(text("review.beside", notice.rule()));
        about.addClassName("muted");
        Div words = new Div(notice.text());
        words.addClassName("prose");
        return new Div(about, words);
    }

    private String released(int index) {
        return Optional.ofNullable(choices.get(index))
                .map(HeldChoice::releasable)
                .orElse("");
    }

    /** Says beside the text what is wrong with its form, before anybody tries to release it. */
    private void judge(int index, KeptTextArea area) {
        Optional<Misfit> misfit =
                Optional.ofNullable(choices.get(index)).flatMap(choice -> form.misfit(choice, area.getValue()));
        area.setInvalid(misfit.isPresent());
        area.setErrorMessage(misfit.map(FormWords::problem).orElse(""));
    }

    /** Whether all texts are of the form that the caller asked for: nothing else can be released. */
    boolean inForm() {
        return texts.values().stream().noneMatch(KeptTextArea::isInvalid);
    }

    /** Whether the texts are still as the rules left them. */
    boolean asReleasable() {
        return texts.entrySet().stream()
                .allMatch(entry -> entry.getValue().getValue().equals(released(entry.getKey())));
    }

    /** Whether nothing was typed at all. */
    boolean untouched() {
        return asReleasable() && note.getValue().isEmpty();
    }

    /** What the caller gets if it is approved now. */
    Decision approval() {
        return asReleasable() ? new Decision.Approve() : new Decision.Edit(values());
    }

    DraftText draft() {
        return new DraftText(values(), note.getValue());
    }

    private Map<Integer, String> values() {
        Map<Integer, String> values = new TreeMap<>();
        texts.forEach((index, area) -> values.put(index, area.getValue()));
        return values;
    }

    /** The remark; empty if there is none. */
    Optional<String> note() {
        return Optional.of(note.getValue().strip()).filter(words -> !words.isEmpty());
    }

    void note(String words) {
        note.setValue(words);
    }

    void open(boolean typing) {
        texts.values().forEach(area -> area.setReadOnly(!typing));
        note.setReadOnly(!typing);
        restore.setVisible(typing && !asReleasable());
    }

    /** The browser need not keep any longer what the server has. */
    void settled() {
        texts.values().forEach(KeptTextArea::settled);
        note.settled();
    }

    /** The case is decided: the browser forgets whatever it keeps. */
    void discard() {
        texts.values().forEach(KeptTextArea::discard);
        note.discard();
    }

    /** The first text, or the first one that is not of its form. */
    void focusText() {
        texts.values().stream()
                .filter(KeptTextArea::isInvalid)
                .findFirst()
                .or(() -> texts.values().stream().findFirst())
                .ifPresent(KeptTextArea::focus);
    }
}
