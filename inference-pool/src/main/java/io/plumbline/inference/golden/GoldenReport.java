package io.plumbline.inference.golden;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.golden.GoldenResult.Outcome.Compared;
import io.plumbline.inference.golden.GoldenResult.Outcome.Failed;
import io.plumbline.inference.golden.GoldenResult.Outcome.Refused;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints each case as soon as it is known, and counts. */
final class GoldenReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final PrintWriter out;
    private final boolean json;
    private int passed;
    private int failed;
    private int refused;

    GoldenReport(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    int failed() {
        return failed;
    }

    void add(GoldenResult result) {
        switch (result.outcome()) {
            case Compared compared when compared.passed() -> passed++;
            case Compared _, Failed _ -> failed++;
            case Refused _ -> refused++;
        }
        out.println(json ? object(result) : line(result));
        out.flush();
    }

    private static String line(GoldenResult result) {
        return switch (result.outcome()) {
            case Compared(double error, double tolerance, String detail) ->
                String.format(
                        Locale.ROOT,
                        "%-12s %-44s error %9.3g  tolerance %9.3g  %s  (%s)",
                        result.suite(),
                        result.name(),
                        error,
                        tolerance,
                        error <= tolerance ? "pass" : "FAIL",
                        detail);
            case Refused(String reason) -> "%-12s %-44s refused: %s".formatted(result.suite(), result.name(), reason);
            case Failed(String reason) -> "%-12s %-44s FAIL: %s".formatted(result.suite(), result.name(), reason);
        };
    }

    private static String object(GoldenResult result) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("suite", result.suite()).put("case", result.name());
        switch (result.outcome()) {
            case Compared(double error, double tolerance, String detail) ->
                node.put("outcome", error <= tolerance ? "pass" : "fail")
                        .put("error", error)
                        .put("tolerance", tolerance)
                        .put("detail", detail);
            case Refused(String reason) -> node.put("outcome", "refused").put("reason", reason);
            case Failed(String reason) -> node.put("outcome", "fail").put("reason", reason);
        }
        return node.toString();
    }

    void finish() {
        if (json) {
            out.println(MAPPER.createObjectNode()
                    .put("passed", passed)
                    .put("failed", failed)
                    .put("refused", refused));
        } else {
            out.println("%d passed, %d failed, %d refused".formatted(passed, failed, refused));
        }
        out.flush();
    }
}
