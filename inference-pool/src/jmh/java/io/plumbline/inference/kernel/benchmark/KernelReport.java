package io.plumbline.inference.kernel.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.kernel.ffm.MachinePeaks;
import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.BenchmarkResult;

/** Prints each kernel beside the machine's peaks: a table for people, or JSON objects, one a line. */
final class KernelReport {
    private static final String ROW = "%-17s %-44s %7s %7s %5s %-6s  %7s %7s %5s %s%n";
    private static final double GIGA = 1e9;

    private final PrintStream out;
    private final boolean json;
    private final int threads;
    private final JsonMapper mapper = new JsonMapper();
    private int cases;
    private boolean above;

    KernelReport(PrintStream out, boolean json, int threads) {
        this.out = out;
        this.json = json;
        this.threads = threads;
    }

    /** Measures what the machine can do, in the words of {@code bench engine}, and prints it. */
    void begin() {
        MachinePeaks.Peaks peaks = MachinePeaks.measure(threads);
        if (json) {
            out.println(line("memory_bandwidth", peaks.bytesPerSecond(), "GB/s"));
            out.println(line("memory_update", peaks.updatedBytesPerSecond(), "GB/s"));
            out.println(line("fma_float32", peaks.flops(), "GFLOPS"));
            peaks.integerOperations().ifPresent(peak -> out.println(line("dot_int8", peak, "GOPS")));
            return;
        }
        out.printf(
                "this machine, %d threads: memory %.1f GB/s read, %.1f GB/s changed in place (read and written); "
                        + "%.0f GFLOPS float32 multiply-add%s%n",
                threads,
                peaks.bytesPerSecond() / GIGA,
                peaks.updatedBytesPerSecond() / GIGA,
                peaks.flops() / GIGA,
                peaks.integerOperations().isPresent()
                        ? ", %.0f GOPS int8 dot product"
                                .formatted(peaks.integerOperations().getAsDouble() / GIGA)
                        : "");
        out.println(
                "Beside each figure stands the peak that was measured in turn with it, the best of all tries: of GB/s that");
        out.println(
                "of reading or changing as many bytes where the operands lie - in memory, in a cache, or what percentage of");
        out.println(
                "them in memory. Every output is compared with the reference backend's; a wrong one has no figure.");
        out.printf(ROW, "kernel", "case", "GB/s", "peak", "%", "from", "Gop/s", "peak", "%", "");
    }

    /** One case of a kernel. */
    void add(BenchmarkResult result) {
        String kernel = result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+)Benchmark\\.run", "$1");
        String parameters = result.getParams().getParamsKeys().stream()
                .map(key -> key + "=" + result.getParams().getParam(key))
                .collect(Collectors.joining(" "));
        Measured measured = Measured.of(result);
        cases++;
        if (json) {
            lines((kernel + " " + parameters).strip(), measured);
        } else {
            row(kernel, parameters, measured);
        }
        out.flush();
    }

    /** Behind the last case. */
    void end(double seconds) {
        if (json) {
            return;
        }
        if (above) {
            out.println(
                    "* more than the plain loops that measure the peak, in turn with them: both are near what the machine can do,");
            out.println("  which changes from one moment to the next");
        }
        out.printf("%d cases, %.0f s%n", cases, seconds);
    }

    private void row(String kernel, String parameters, Measured m) {
        String arithmetic = m.arithmetic().name().toLowerCase(Locale.ROOT);
        boolean counted = m.operations() > 0;
        boolean known = counted && m.operationsPeak() > 0;
        out.printf(
                ROW,
                kernel,
                parameters,
                number(m.bytes()),
                number(m.bytesPeak()),
                percent(m.partOfBytes()),
                place(m.fromMemory()),
                counted ? number(m.operations()) : "",
                known ? number(m.operationsPeak()) : "",
                known ? percent(m.partOfOperations()) : "",
                (counted ? arithmetic : "") + (m.threads() == threads ? "" : " (%d thread)".formatted(m.threads())));
    }

    private void lines(String figure, Measured m) {
        String mover = "this machine moving as much, %.0f %% from memory".formatted(100 * m.fromMemory());
        out.println(line(figure, m.bytes(), "GB/s")
                .put("peer", mover)
                .put("peer_value", m.bytesPeak() / GIGA)
                .put("ratio", m.partOfBytes())
                .put("threads", m.threads()));
        boolean integer = m.arithmetic() == Cost.Arithmetic.INT8;
        if (m.operations() > 0) {
            ObjectNode line = line(figure, m.operations(), integer ? "GOPS" : "GFLOPS");
            if (m.operationsPeak() > 0) {
                line.put("peer", integer ? "this machine's int8 dot product" : "this machine's float32 multiply-add")
                        .put("peer_value", m.operationsPeak() / GIGA)
                        .put("ratio", m.partOfOperations())
                        .put("threads", m.threads());
            }
            out.println(line);
        }
        out.println(mapper.createObjectNode()
                .put("check", figure + ": equal to the reference backend's")
                .put("passed", true));
    }

    private ObjectNode line(String figure, double value, String unit) {
        return mapper.createObjectNode()
                .put("figure", figure)
                .put("value", value / GIGA)
                .put("unit", unit);
    }

    private static String place(double fromMemory) {
        long percent = Math.round(100 * fromMemory);
        return percent == 0 ? "cache" : percent == 100 ? "memory" : percent + " %";
    }

    private String percent(double part) {
        boolean more = Math.round(100 * part) > 100;
        above |= more;
        return "%.0f%s".formatted(100 * part, more ? "*" : "");
    }

    private static String number(double value) {
        return (value >= 100 * GIGA ? "%.0f" : "%.1f").formatted(value / GIGA);
    }
}
