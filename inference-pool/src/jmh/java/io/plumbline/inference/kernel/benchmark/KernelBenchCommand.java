package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./plumbline bench kernels}: every kernel in bytes and operations a second, beside the machine's peaks. */
@Command(name = "bench kernels", mixinStandardHelpOptions = true)
public final class KernelBenchCommand implements Callable<Integer> {
    private static final TimeValue FULL = TimeValue.milliseconds(200);
    private static final TimeValue QUICK = TimeValue.milliseconds(50);
    private static final int ITERATIONS = 5;

    /** What {@code --quick} measures of the parameters that have many values. */
    private static final Map<String, String[]> FEW = Map.of(
            "format", new String[] {"Q4_1", "Q4_K", "F32"},
            "rows", new String[] {"1", "512"},
            "context", new String[] {"2048"},
            "length", new String[] {"256"},
            "adapters", new String[] {"8"},
            "rank", new String[] {"64"},
            "vocabulary", new String[] {"49152"});

    @Parameters(arity = "0..*", description = "only kernels whose name has one of these words")
    private List<String> names = new ArrayList<>();

    @Option(names = "--threads", description = "threads of the kernels")
    private int threads = BackendOptions.defaults().threads();

    @Option(names = "--backend", description = "kernel backend")
    private String backend = Backends.AUTO;

    @Option(names = "--quick", description = "one short iteration each, of few formats and sizes")
    private boolean quick;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new KernelBenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        try {
            long begin = System.nanoTime();
            KernelReport report = new KernelReport(System.out, json, threads);
            report.begin();
            new Runner(options().build(), new StreamedResults(report::add)).run();
            report.end((System.nanoTime() - begin) / 1e9);
            return CommandLine.ExitCode.OK;
        } catch (NoBenchmarksException e) {
            return refuse("no kernel has a name like " + String.join(", ", names));
        } catch (KernelException e) {
            return refuse(String.valueOf(e.getMessage()));
        } catch (RunnerException e) {
            return refuse(innermost(e));
        }
    }

    private List<String> patterns() {
        return names.isEmpty()
                ? List.of("benchmark\\..*Benchmark")
                : names.stream()
                        .map(name -> "(?i)benchmark\\.[a-z]*" + name + "[a-z]*Benchmark")
                        .toList();
    }

    private ChainedOptionsBuilder options() {
        ChainedOptionsBuilder options = new OptionsBuilder();
        patterns().forEach(options::include);
        if (quick) {
            FEW.forEach(options::param);
        }
        return options.forks(1)
                .warmupIterations(1)
                .warmupTime(quick ? QUICK : FULL)
                .measurementIterations(quick ? 1 : ITERATIONS)
                .measurementTime(quick ? QUICK : FULL)
                .shouldFailOnError(true)
                .jvmArgsAppend(
                        "-D%s=%d".formatted(Device.THREADS, threads),
                        "-D%s=%s".formatted(KernelBenchmark.BACKEND, backend));
    }

    /** JMH wraps what a benchmark threw, as a cause or as something suppressed. */
    private static String innermost(Throwable thrown) {
        Throwable at = thrown;
        while (at.getCause() != null || at.getSuppressed().length > 0) {
            at = at.getCause() != null ? at.getCause() : at.getSuppressed()[0];
        }
        return String.valueOf(at.getMessage());
    }

    private static int refuse(String message) {
        System.out.flush();
        System.err.println("bench kernels: " + message.replace('\n', ' '));
        return CommandLine.ExitCode.SOFTWARE;
    }
}
