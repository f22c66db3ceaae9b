package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.console.i18n.Languages;
import io.plumbline.console.i18n.Sentences;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What rules found in a file that was stored nevertheless, by rule. */
final class FindingsList extends Div {
    private static final long serialVersionUID = 1L;
    private static final int PLACES = 5;

    FindingsList(List<DatasetDesk.Finding> findings) {
        setId("findings");
        add(new Span(text("datasets.findings", number((long) findings.size()))));
        Map<String, List<DatasetDesk.Finding>> byRule = findings.stream()
                .collect(
                        Collectors.groupingBy(DatasetDesk.Finding::reference, LinkedHashMap::new, Collectors.toList()));
        UnorderedList list = new UnorderedList();
        byRule.forEach((reference, found) -> list.add(item(reference, found)));
        add(list);
    }

    private static ListItem item(String reference, List<DatasetDesk.Finding> found) {
        Optional<Rule> rule = found.getFirst().rule();
        String places = found.stream()
                .limit(PLACES)
                .map(finding -> Sentences.inPageLanguage(finding.item()))
                .collect(Collectors.joining("; "));
        String more =
                found.size() > PLACES ? " " + text("datasets.findings.more", number((long) found.size() - PLACES)) : "";
        Span action = new Span(text("datasets.action." + found.getFirst().action()));
        action.addClassName("badge");
        return new ListItem(
                action,
                new Span(" " + rule.map(FindingsList::title).orElse(reference) + ": "),
                new Span(places + more));
    }

    /** As in "PRI-001 Identity number of a resident". */
    static String title(Rule rule) {
        return rule.id() + " " + inPageLanguage(rule.title());
    }

    static String inPageLanguage(Bilingual text) {
        return Languages.current().equals(Languages.CHINESE) ? text.zh() : text.en();
    }
}
