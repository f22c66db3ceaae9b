package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.Stage;
import java.util.List;

/** Applies the active rule bundle. Thread-safe; a stream in flight finishes on the bundle it began with. */
public interface Screener {
    /** Screens one whole text. A detector that fails abstains, and a severity 1 or 2 abstention withholds the text. */
    Screened screen(ScreenContext context, Stage stage, String text);

    /**
     * Begins screening an answer that is generated piece by piece.
     *
     * @param notices what {@link Screened#notices} of the input asked to add to the answer
     */
    StreamScreen open(ScreenContext context, List<String> notices);

    /** Hash of the active rule bundle. */
    String ruleSet();
}
