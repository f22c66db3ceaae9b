package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import java.util.List;

/** Applies the active rule bundle. Thread-safe; a stream in flight finishes on the bundle it began with. */
public interface Screener {
    /** Screens one whole text. A detector that fails abstains, and a severity 1 or 2 abstention withholds the text. */
    default Screened screen(ScreenContext context, Stage stage, String text) {
        return screen(context, stage, TextForm.PROSE, text);
    }

    /** As {@link #screen(ScreenContext, Stage, String)}, for a text that programs read. */
    Screened screen(ScreenContext context, Stage stage, TextForm form, String text);

    /**
     * Begins screening an answer that is generated piece by piece.
     *
     * @param notices what {@link Screened#notices} of the input asked to add to the answer
     * @param form of the answer
     */
    StreamScreen open(ScreenContext context, List<Notice> notices, TextForm form);

    /** Begins screening an answer for people. */
    default StreamScreen open(ScreenContext context, List<Notice> notices) {
        return open(context, notices, TextForm.PROSE);
    }

    /**
     * Screens an answer that is there as a whole, with the notices of its input: what a stream of it would have released.
     *
     * @param notices what {@link Screened#notices} of the input asked to add to the answer
     */
    default Screened screenAnswer(ScreenContext context, List<Notice> notices, String answer) {
        StreamScreen stream = open(context, notices);
        String released = stream.push(answer);
        Screened end = stream.finish();
        String text = end.withheld() ? "" : released + end.text();
        return new Screened(text, end.action(), end.verdicts(), end.notices(), end.message(), end.releasable());
    }

    /** The rules that apply in a context, all stages. */
    List<Rule> rules(ScreenContext context);

    /** The active rules because of which answers in this context leave only when they are complete. */
    List<Rule> bufferingRules(ScreenContext context);

    /**
     * Whether answers of a deployment with this context leave only when they are complete, because an active rule that
     * blocks, holds or redacts needs the whole answer.
     */
    default boolean buffers(ScreenContext context) {
        return !bufferingRules(context).isEmpty();
    }

    /** Hash of the active rule bundle. */
    String ruleSet();
}
