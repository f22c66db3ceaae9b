package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.console.i18n.Languages;
import io.plumbline.console.i18n.Sentences;
import io.plumbline.console.i18n.Translations;
import io.plumbline.platform.dataset.DataProblem;
import io.plumbline.platform.dataset.RefusedData;
import java.util.Map;
import java.util.Optional;

/** Why a file was refused, line by line, and what to do about each. */
final class RefusalReport extends Div {
    private static final long serialVersionUID = 1L;
    private static final int ROWS_IN_SIGHT = 8;

    private final transient Map<String, Rule> rules;

    RefusalReport(RefusedData found, Map<String, Rule> rules) {
        this.rules = rules;
        addClassName("refusal");
        int good = found.rows() - found.refusedRows();
        Span counts = new Span(text(
                "datasets.report.counts",
                number((long) found.rows()),
                number((long) good),
                number((long) found.refusedRows()),
                number((long) found.problemCount())));
        counts.setId("upload-counts");
        add(counts, grid(found));
        if (found.problemCount() > found.problems().size()) {
            add(new Span(
                    text("datasets.report.more", number((long) found.problems().size()))));
        }
    }

    private Grid<DataProblem> grid(RefusedData found) {
        Grid<DataProblem> grid = new Grid<>();
        grid.setId("upload-problems");
        grid.addThemeVariants(
                GridVariant.LUMO_COMPACT, GridVariant.LUMO_WRAP_CELL_CONTENT, GridVariant.LUMO_ROW_STRIPES);
        grid.addColumn(problem -> number((long) problem.line()))
                .setHeader(text("datasets.problem.line"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(DataProblem::field)
                .setHeader(text("datasets.problem.field"))
                .setWidth("12rem")
                .setFlexGrow(0);
        grid.addColumn(this::reason).setHeader(text("datasets.problem.reason")).setFlexGrow(3);
        grid.addColumn(this::remedy).setHeader(text("datasets.problem.remedy")).setFlexGrow(2);
        grid.setItems(found.problems());
        grid.setAllRowsVisible(found.problems().size() <= ROWS_IN_SIGHT);
        if (found.problems().size() > ROWS_IN_SIGHT) {
            grid.setHeight("22rem");
        }
        return grid;
    }

    private String reason(DataProblem problem) {
        Optional<Rule> rule = problem.rule().map(rules::get);
        String told = Sentences.inPageLanguage(problem.reason());
        return rule.map(known -> FindingsList.title(known) + ": " + told).orElseGet(() -> parts(told)[0]);
    }

    /** Most reasons say what is wrong and, behind a semicolon, what is expected. */
    private static String[] parts(String reason) {
        return reason.split("; |；", 2);
    }

    private String remedy(DataProblem problem) {
        if (problem.rule().isEmpty()) {
            String[] parts = parts(Sentences.inPageLanguage(problem.reason()));
            return parts.length > 1 ? parts[1] : text("datasets.remedy.line");
        }
        String key = "datasets.remedy." + problem.rule().get().replaceFirst("@.*", "");
        return Translations.pattern(key, Languages.current()).orElseGet(() -> text("datasets.remedy.rule"));
    }
}
