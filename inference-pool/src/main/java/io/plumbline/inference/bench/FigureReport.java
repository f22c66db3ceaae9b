package io.plumbline.inference.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;

/** Prints figures and checks as they come: a table for people, or one JSON object a line. */
final class FigureReport {
    private static final String ROW = "%-26s %12s %-8s %12s %8s  %-10s %s%n";

    private final PrintWriter out;
    private final boolean json;
    private final String peerName;
    private final JsonMapper mapper = new JsonMapper();
    private int failedChecks;

    /** @param peerName empty if no peer is measured */
    FigureReport(PrintWriter out, boolean json, String peerName) {
        this.out = out;
        this.json = json;
        this.peerName = peerName;
    }

    /** Begins the figures of a model or of the machine. */
    void section(String title) {
        if (!json) {
            out.printf("%n%s%n", title);
            out.printf(
                    ROW,
                    "figure",
                    "Plumbline",
                    "unit",
                    peerName.isEmpty() ? "" : "llama.cpp",
                    "ratio",
                    "goal",
                    "spread");
            out.flush();
        }
    }

    /** Something to know about the figures that follow. */
    void note(String text) {
        if (json) {
            out.println(mapper.createObjectNode().put("note", text));
        } else {
            out.println("  " + text);
        }
        out.flush();
    }

    void add(Figure figure) {
        if (json) {
            out.println(toJson(figure));
        } else {
            out.printf(
                    ROW,
                    figure.name(),
                    number(figure.value()),
                    figure.unit(),
                    number(figure.peerValue()),
                    figure.ratio().isPresent() ? number(figure.ratio()) + "x" : "",
                    goal(figure),
                    spread(figure));
        }
        out.flush();
    }

    /**
     * The output of a timed run was compared with what it must be.
     *
     * @param problem empty if it is right
     */
    void check(String name, String model, String problem) {
        failedChecks += problem.isEmpty() ? 0 : 1;
        if (json) {
            ObjectNode line = mapper.createObjectNode();
            line.put("check", name).put("model", model).put("passed", problem.isEmpty());
            if (!problem.isEmpty()) {
                line.put("problem", problem);
            }
            out.println(line);
        } else {
            out.printf(
                    "  %s %s%s%n",
                    problem.isEmpty() ? "checked:" : "WRONG:", name, problem.isEmpty() ? "" : ": " + problem);
        }
        out.flush();
    }

    int failedChecks() {
        return failedChecks;
    }

    private ObjectNode toJson(Figure figure) {
        ObjectNode line = mapper.createObjectNode();
        line.put("figure", figure.name());
        if (!figure.model().isEmpty()) {
            line.put("model", figure.model());
        }
        line.put("value", figure.value()).put("unit", figure.unit());
        line.put("lowest", figure.own().smallest()).put("highest", figure.own().largest());
        if (figure.peer().isPresent()) {
            Samples peer = figure.peer().get();
            line.put("peer", peerName).put("peer_value", figure.peerValue().getAsDouble());
            line.put("peer_lowest", peer.smallest()).put("peer_highest", peer.largest());
            line.put("ratio", figure.ratio().getAsDouble());
        }
        figure.goal().ifPresent(goal -> line.put("target", goal.bound())
                .put("target_of", goal.measure().name().toLowerCase(Locale.ROOT)));
        figure.met().ifPresent(met -> line.put("met", met));
        return line;
    }

    private static String goal(Figure figure) {
        if (figure.goal().isEmpty()) {
            return "";
        }
        Goal goal = figure.goal().get();
        String bound =
                figure.better().sign() + number(goal.bound()) + (goal.measure() == Goal.Measure.RATIO ? "x" : "");
        return bound + figure.met().map(met -> met ? " met" : " NOT").orElse("");
    }

    /** Lowest to highest of ours, then of the peer's; nothing where each was measured once. */
    private static String spread(Figure figure) {
        if (figure.own().values().size() == 1) {
            return "";
        }
        String own = range(figure.own());
        return figure.peer().map(peer -> own + " / " + range(peer)).orElse(own);
    }

    private static String range(Samples samples) {
        return number(samples.smallest()) + "-" + number(samples.largest());
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "";
    }

    /** Three significant digits or more. */
    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return format.formatted(value);
    }
}
