package io.plumbline.inference.kernel.benchmark;

import java.util.Collection;
import java.util.function.Consumer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** JMH's output, of which only finished cases are wanted, each as soon as it is there. */
final class StreamedResults implements OutputFormat {
    private final Consumer<BenchmarkResult> reader;

    StreamedResults(Consumer<BenchmarkResult> reader) {
        this.reader = reader;
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        if (result != null) { // JMH ends a failed case too
            reader.accept(result);
        }
    }

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> results) {}

    @Override
    public void startBenchmark(BenchmarkParams parameters) {}

    @Override
    public void iteration(BenchmarkParams parameters, IterationParams iteration, int number) {}

    @Override
    public void iterationResult(
            BenchmarkParams parameters, IterationParams iteration, int number, IterationResult result) {}

    @Override
    public void print(String text) {}

    @Override
    public void println(String text) {}

    @Override
    public void verbosePrintln(String text) {}

    @Override
    public void write(int character) {}

    @Override
    public void write(byte[] text) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
