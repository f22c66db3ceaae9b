package io.plumbline.inference.kernel.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.kernel.ffm.MachinePeaks;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/** Prints each kernel beside the machine's peaks: a table for people, or JSON objects, one a line. */
final class KernelReport {
    private static final String ROW = "%-17s %-45s %7s %7s %4s %4s  %7s %7s %4s %s%n";
    private static final double GIGA = 1e9;
    private static final long EVERYTHING = 4 * Device.MORE_THAN_CACHES;
    /** Operands of so many bytes count as memory, whatever the caches hold of them. */
    private static final double MEMORY_SET = 64e6;

    private static final long AGAIN_NANOS = 10_000_000_000L;

    private final PrintStream out;
    private final boolean json;
    private final int threads;
    private final MachinePeaks machine;
    private final JsonMapper mapper = new JsonMapper();
    private final Map<Integer, Double> moving = new HashMap<>();
    private final Map<Integer, Long> measuredAt = new HashMap<>();
    private double floatPeak;
    private OptionalDouble integerPeak = OptionalDouble.empty();

    KernelReport(PrintStream out, boolean json, int threads, MachinePeaks machine) {
        this.out = out;
        this.json = json;
        this.threads = threads;
        this.machine = machine;
    }

    /** Measures what the machine can do, and prints it. */
    void begin() {
        double memory = moving(EVERYTHING);
        calculating();
        if (json) {
            out.println(line("memory_bandwidth", memory, "GB/s"));
            out.println(line("fma_float32", floatPeak, "GFLOPS"));
            integerPeak.ifPresent(peak -> out.println(line("dot_int8", peak, "GOPS")));
            return;
        }
        out.printf(
                "this machine, %d threads: %.1f GB/s from memory, %.0f GFLOPS float32 multiply-add%s%n",
                threads,
                memory / GIGA,
                floatPeak / GIGA,
                integerPeak.isPresent() ? ", %.0f GOPS int8 dot product".formatted(integerPeak.getAsDouble() / GIGA) : "");
        out.println("each peak of GB/s is that of reading or changing as much where the operands lie; mem: what of them comes"
                + " from memory, % (the rest: caches)");
        out.println("every output is compared with the reference backend's; a wrong one has no figure");
        out.printf(ROW, "kernel", "case", "GB/s", "peak", "%", "mem", "Gop/s", "peak", "%", "");
    }

    /** One case of a kernel. */
    void add(BenchmarkResult result) {
        String kernel = result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+)Benchmark\\.run", "$1");
        String parameters = result.getParams().getParamsKeys().stream()
                .map(key -> key + "=" + result.getParams().getParam(key))
                .collect(Collectors.joining(" "));
        double runs = result.getPrimaryResult().getScore();
        double streamed = score(result, "streamed");
        double resident = score(result, "resident");
        double residentSet = score(result, "residentSet") / runs;
        double bytes = streamed + resident;
        double bytePeak = bytes / (time(streamed, EVERYTHING) + time(resident, (long) residentSet));
        double fromMemory = residentSet > MEMORY_SET ? 1 : streamed / bytes;
        calculating();
        boolean integer = score(result, "integerOperations") > 0;
        double operations = score(result, integer ? "integerOperations" : "floatOperations");
        OptionalDouble operationPeak = integer ? integerPeak : OptionalDouble.of(floatPeak);
        if (json) {
            String figure = (kernel + " " + parameters).strip();
            String reader = "this machine moving as much, %.0f %% from memory".formatted(100 * fromMemory);
            out.println(beside(line(figure, bytes, "GB/s"), reader, bytes, OptionalDouble.of(bytePeak)));
            String calculator = integer ? "this machine's int8 dot product" : "this machine's float32 multiply-add";
            out.println(beside(
                    line(figure, operations, integer ? "GOPS" : "GFLOPS"), calculator, operations, operationPeak));
            out.println(mapper.createObjectNode()
                    .put("check", figure + ": equal to the reference backend's")
                    .put("passed", true));
        } else {
            out.printf(
                    ROW,
                    kernel,
                    parameters,
                    number(bytes / GIGA),
                    number(bytePeak / GIGA),
                    "%.0f".formatted(100 * bytes / bytePeak),
                    "%.0f".formatted(100 * fromMemory),
                    number(operations / GIGA),
                    operationPeak.isPresent() ? number(operationPeak.getAsDouble() / GIGA) : "",
                    operationPeak.isPresent() ? "%.0f".formatted(100 * operations / operationPeak.getAsDouble()) : "",
                    integer ? "int8" : "float32");
        }
        out.flush();
    }

    /** Peaks are measured again every few seconds, since machines change their pace; the best so far counts. */
    private boolean due(int peak) {
        long now = System.nanoTime();
        Long before = measuredAt.put(peak, now);
        boolean again = before == null || now - before > AGAIN_NANOS;
        if (!again) {
            measuredAt.put(peak, before);
        }
        return again;
    }

    private void calculating() {
        if (!due(0)) {
            return;
        }
        floatPeak = Math.max(floatPeak, machine.multiplyAdd());
        OptionalDouble now = machine.integerDot();
        if (now.isPresent()) {
            integerPeak = OptionalDouble.of(Math.max(integerPeak.orElse(0), now.getAsDouble()));
        }
    }

    /** Seconds that reading so much takes at least, if it lies in a set of that many bytes. */
    private double time(double bytes, long set) {
        return bytes == 0 ? 0 : bytes / moving(set);
    }

    /** The most that was ever read, or changed in place, of about so much. */
    private double moving(long bytes) {
        int size = 64 - Long.numberOfLeadingZeros(bytes);
        if (due(size)) {
            long set = Math.min(bytes, EVERYTHING);
            moving.merge(size, Math.max(machine.read(set), machine.update(set)), Math::max);
        }
        return moving.getOrDefault(size, 0.0);
    }

    private ObjectNode line(String figure, double value, String unit) {
        return mapper.createObjectNode()
                .put("figure", figure)
                .put("value", value / GIGA)
                .put("unit", unit);
    }

    private static ObjectNode beside(ObjectNode line, String peer, double value, OptionalDouble peak) {
        if (peak.isPresent()) {
            line.put("peer", peer).put("peer_value", peak.getAsDouble() / GIGA).put("ratio", value / peak.getAsDouble());
        }
        return line;
    }

    private static String number(double value) {
        return value >= 100 ? "%.0f".formatted(value) : "%.1f".formatted(value);
    }

    private static double score(BenchmarkResult result, String counter) {
        Result<?> secondary = result.getSecondaryResults().get(counter);
        if (secondary == null) {
            throw new IllegalStateException("JMH reports no " + counter);
        }
        return secondary.getScore();
    }
}
