package io.plumbline.console.component;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.html.Div;
import java.util.List;

/**
 * Stacked bars over named columns, such as days, drawn by Chart.js. Screen readers get the chart's title; a page shows the
 * figures in a table beside it.
 */
public final class BarChart extends Div {
    private static final long serialVersionUID = 1L;

    private final String title;
    private final List<String> names;
    private List<String> columns = List.of();
    private List<List<Long>> values = List.of();

    /** @param names of the parts of each bar, in the language of the page, from the bottom up */
    public BarChart(String title, List<String> names) {
        this.title = title;
        this.names = List.copyOf(names);
        addClassName("line-chart");
        getElement().setAttribute("role", "img").setAttribute("aria-label", title);
    }

    /**
     * Shows other values.
     *
     * @param newColumns what the bars are called
     * @param newValues one list for each part, as long as the columns
     */
    public void show(List<String> newColumns, List<List<Long>> newValues) {
        if (newValues.size() != names.size() || newValues.stream().anyMatch(part -> part.size() != newColumns.size())) {
            throw new IllegalArgumentException("a value for every part and column is needed");
        }
        columns = List.copyOf(newColumns);
        values = newValues.stream().map(List::copyOf).toList();
        if (isAttached()) {
            draw();
        }
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        StaticScripts.load(attached.getUI());
        draw();
    }

    private void draw() {
        getElement()
                .executeJs(
                        "window.plumblineCharts.bars(this, $0, $1, $2, $3)",
                        title,
                        String.join("\n", names),
                        String.join("\n", columns),
                        values.toString());
    }
}
