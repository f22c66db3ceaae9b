package io.plumbline.inference.kernel.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.ffm.MachinePeaks;
import io.plumbline.inference.kernel.ffm.MachinePeaks.Peaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./plumbline bench kernels}: every kernel in GB/s and GFLOPS, and as a share of the machine's peaks. */
@Command(name = "bench kernels", mixinStandardHelpOptions = true)
public final class KernelBenchCommand implements Callable<Integer> {
    private static final String ROW = "%-20s %-34s %12s %9s %6s %9s %6s%n";

    @Parameters(arity = "0..*", description = "only kernels whose name has one of these words")
    private List<String> names = new ArrayList<>();

    @Option(names = "--threads", description = "threads of the kernels")
    private int threads = BackendOptions.defaults().threads();

    @Option(names = "--quick", description = "one short iteration each")
    private boolean quick;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new KernelBenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws RunnerException {
        Peaks peaks = MachinePeaks.measure(threads);
        if (!json) {
            System.out.printf(
                    "this machine, %d threads: %.1f GB/s read from memory, %.0f GFLOPS float32 multiply-add%n",
                    threads, peaks.bytesPerSecond() / 1e9, peaks.flops() / 1e9);
            System.out.println("weights that fit into the caches, and integer products, can go beyond these peaks");
            System.out.printf(ROW, "kernel", "case", "runs/s", "GB/s", "%", "GFLOPS", "%");
        }
        for (String pattern : patterns()) {
            for (RunResult result : new Runner(options(pattern).build()).run()) {
                print(result, peaks);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private List<String> patterns() {
        return names.isEmpty()
                ? List.of("benchmark\\..*Benchmark")
                : names.stream().map(name -> "(?i)benchmark\\.[a-z]*" + name + "[a-z]*Benchmark").toList();
    }

    private ChainedOptionsBuilder options(String pattern) {
        return new OptionsBuilder()
                .include(pattern)
                .forks(1)
                .warmupIterations(quick ? 0 : 2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 1 : 3)
                .measurementTime(quick ? TimeValue.milliseconds(50) : TimeValue.seconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .jvmArgsAppend("-Dplumbline.bench.threads=" + threads);
    }

    private void print(RunResult result, Peaks peaks) {
        String name = result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+)Benchmark\\.run", "$1");
        String parameters = result.getParams().getParamsKeys().stream()
                .map(key -> key + "=" + result.getParams().getParam(key))
                .collect(Collectors.joining(" "));
        double bytes = score(result, "bytes");
        double operations = score(result, "operations");
        double runs = result.getPrimaryResult().getScore();
        if (json) {
            ObjectNode line = new JsonMapper().createObjectNode().put("kernel", name).put("case", parameters);
            line.put("runs_per_second", runs).put("gb_per_second", bytes / 1e9).put("gflops", operations / 1e9);
            line.put("of_bandwidth", bytes / peaks.bytesPerSecond()).put("of_fma", operations / peaks.flops());
            System.out.println(line);
        } else {
            System.out.printf(
                    ROW,
                    name,
                    parameters,
                    "%.1f".formatted(runs),
                    "%.2f".formatted(bytes / 1e9),
                    "%.0f".formatted(100 * bytes / peaks.bytesPerSecond()),
                    "%.2f".formatted(operations / 1e9),
                    "%.0f".formatted(100 * operations / peaks.flops()));
        }
    }

    private static double score(RunResult result, String counter) {
        Result<?> secondary = result.getSecondaryResults().get(counter);
        if (secondary == null) {
            throw new IllegalStateException("JMH reports no " + counter);
        }
        return secondary.getScore();
    }
}
