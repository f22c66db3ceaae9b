package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.choose;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.HtmlContainer;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.CaseFinding;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A text with the spans at which rules fired; each says which rules. It is text throughout, never markup. */
final class MarkedText extends Div {
    private static final long serialVersionUID = 1L;

    /** A highlighted part. */
    @Tag("mark")
    static final class Mark extends HtmlContainer {
        private static final long serialVersionUID = 1L;

        Mark(String text, List<CaseFinding> findings) {
            setText(text);
            addClassName("span");
            String rules = findings.stream()
                    .map(finding -> finding.rule() + " " + choose(finding.title()))
                    .distinct()
                    .collect(Collectors.joining("\n"));
            setTitle(rules);
            getElement().setAttribute("tabindex", "0").setAttribute("aria-label", text("review.marked", text, rules));
        }
    }

    /** @param findings those about this text; positions count its UTF-16 units */
    MarkedText(String text, List<CaseFinding> findings) {
        addClassNames("prose", "marked");
        SortedSet<Integer> cuts = new TreeSet<>(List.of(0, text.length()));
        for (CaseFinding finding : findings) {
            if (finding.start() >= 0) {
                cuts.add(Math.min(finding.start(), text.length()));
                cuts.add(Math.min(finding.end(), text.length()));
            }
        }
        int from = 0;
        for (int to : cuts.tailSet(1)) {
            add(part(text.substring(from, to), over(findings, from, to)));
            from = to;
        }
    }

    private static HtmlContainer part(String text, List<CaseFinding> findings) {
        return findings.isEmpty() ? new Span(text) : new Mark(text, findings);
    }

    private static List<CaseFinding> over(List<CaseFinding> findings, int from, int to) {
        return findings.stream()
                .filter(finding -> finding.start() >= 0 && finding.start() <= from && finding.end() >= to)
                .toList();
    }
}
