package io.plumbline.console.component;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.html.Div;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines over a numeric axis, drawn by Chart.js, which is served from here as a static script. Points may be added while
 * the page is open: only the new ones travel. Screen readers get the chart's title.
 */
public final class LineChart extends Div {
    private static final long serialVersionUID = 1L;

    private final String title;
    private final String xTitle;
    private final List<List<Point>> lines = new ArrayList<>();
    private final List<String> names;

    /** @param x such as the step of a training; @param y such as its loss */
    public record Point(double x, double y) {}

    /** @param names one for each line, in the language of the page */
    public LineChart(String title, String xTitle, List<String> names) {
        this.title = title;
        this.xTitle = xTitle;
        this.names = List.copyOf(names);
        names.forEach(name -> lines.add(new ArrayList<>()));
        addClassName("line-chart");
        getElement().setAttribute("role", "img").setAttribute("aria-label", title);
    }

    /** Adds points at the end of a line. */
    public void add(int line, List<Point> points) {
        if (points.isEmpty()) {
            return;
        }
        lines.get(line).addAll(points);
        if (isAttached()) {
            getElement().executeJs("window.plumblineCharts.add(this, $0, $1)", line, flat(points));
        }
    }

    /** How many points a line has. */
    public int size(int line) {
        return lines.get(line).size();
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        StaticScripts.load(attached.getUI());
        getElement()
                .executeJs("window.plumblineCharts.draw(this, $0, $1, $2)", title, xTitle, String.join("\n", names));
        for (int line = 0; line < lines.size(); line++) {
            getElement().executeJs("window.plumblineCharts.add(this, $0, $1)", line, flat(lines.get(line)));
        }
    }

    private static String flat(List<Point> points) {
        StringBuilder text = new StringBuilder("[");
        for (Point point : points) {
            text.append(text.length() > 1 ? "," : "")
                    .append(point.x())
                    .append(',')
                    .append(point.y());
        }
        return text.append(']').toString();
    }
}
