package io.plumbline.inference.bench;

import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.ffm.MachinePeaks;
import io.plumbline.inference.kernel.ffm.MachinePeaks.Peaks;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./plumbline bench engine}: what serving reaches, beside llama.cpp in the same run. */
@Command(
        name = "bench engine",
        mixinStandardHelpOptions = true,
        description = {
            "Measures serving beside llama.cpp on the same files, in turn, and checks the output of what it times.",
            "A figure is the best of its rounds; the spread stands beside it."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:measured, and every checked output was right",
            "1:an output was wrong, or a model could not be measured",
            "2:the arguments are wrong"
        })
public final class EngineBenchCommand implements Callable<Integer> {
    private static final String PEER_NAME = "llama.cpp";

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "GGUF file; may be repeated")
    private List<Path> models = new ArrayList<>();

    @Option(names = "--json", description = "one JSON object a line instead of tables")
    private boolean json;

    @Option(names = "--threads", paramLabel = "N", description = "of both sides (default: all processors)")
    private int threads = BackendOptions.defaults().threads();

    @Option(names = "--backend", paramLabel = "NAME", description = "kernel backend (default: auto)")
    private String backend = Backends.AUTO;

    @Option(names = "--rounds", paramLabel = "N", description = "repetitions of each figure (default: 3)")
    private int rounds = 3;

    @Option(names = "--growth", description = "also how cost grows with batch, context, adapters and tenants")
    private boolean growth;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "these parts alone: serving, schema, batch, tenants, adapters, context")
    private List<BenchPart> only = new ArrayList<>();

    @Option(names = "--url", paramLabel = "URL", description = "also time answers of the server at this address")
    private @Nullable String url;

    @Option(
            names = "--url-model",
            paramLabel = "NAME",
            description = "model of that server (default: the first FILE's name)")
    private @Nullable String urlModel;

    @Option(
            names = "--peer",
            hidden = true,
            paramLabel = "WORD",
            description = "one word of the peer's command; repeated")
    private List<String> peer = new ArrayList<>();

    private PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new EngineBenchCommand()).registerConverter(BenchPart.class, name -> {
            try {
                return BenchPart.named(name);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        });
    }

    @Override
    public Integer call() {
        if (rounds < 1 || threads < 1) {
            System.err.println("bench engine: --rounds and --threads must be at least 1");
            return CommandLine.ExitCode.USAGE;
        }
        FigureReport report = new FigureReport(out, json, peer.isEmpty() ? "" : PEER_NAME);
        Optional<Peaks> peaks = peaks(report);
        var settings = new ModelBench.Settings(backend, threads, rounds, peer, peaks);
        boolean measured = true;
        for (Path model : models) {
            measured &= bench(model, settings, report);
        }
        if (url != null) {
            measured &= http(models.getFirst(), report);
        }
        out.flush();
        return measured && report.failedChecks() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Optional<Peaks> peaks(FigureReport report) {
        report.section("this machine, %d threads".formatted(threads));
        try {
            Peaks peaks = MachinePeaks.measure(threads);
            report.add(Figure.alone(
                    "memory_bandwidth", "", "GB/s", Better.HIGHER, Samples.of(peaks.bytesPerSecond() / 1e9)));
            report.add(Figure.alone("fma_float32", "", "GFLOPS", Better.HIGHER, Samples.of(peaks.flops() / 1e9)));
            return Optional.of(peaks);
        } catch (KernelException e) {
            report.note("the machine's peaks are unknown: " + e.getMessage());
            return Optional.empty();
        }
    }

    private boolean bench(Path file, ModelBench.Settings settings, FigureReport report) {
        try {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            Facts facts = Facts.of(file);
            Set<BenchPart> parts = parts();
            if (parts.contains(BenchPart.SERVING)) {
                new ModelBench(facts, settings, report).run();
            }
            if (parts.contains(BenchPart.SCHEMA)) {
                new ConstrainedBench(facts, settings, report).run();
            }
            parts.retainAll(BenchPart.GROWTH);
            if (!parts.isEmpty()) {
                new GrowthBench(facts, settings, report).run(parts);
            }
            return true;
        } catch (NoSuchFileException e) {
            return refuse("there is no file %s; give the path of an existing file".formatted(e.getFile()));
        } catch (IOException e) {
            return refuse("%s: %s".formatted(file, e.getMessage()));
        } catch (BrokenModelFileException
                | UnsupportedModelException
                | KernelException
                | TemplateException
                | InferenceException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private Set<BenchPart> parts() {
        if (!only.isEmpty()) {
            return EnumSet.copyOf(only);
        }
        return growth ? EnumSet.allOf(BenchPart.class) : EnumSet.copyOf(BenchPart.withoutGrowth());
    }

    private boolean http(Path file, FigureReport report) {
        String name = urlModel == null ? String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "") : urlModel;
        String key = System.getenv().getOrDefault("PLUMBLINE_BENCH_API_KEY", "");
        try {
            new HttpBench(String.valueOf(url), key, name, report).run(Facts.of(file), rounds);
            return true;
        } catch (IOException e) {
            return refuse("%s: %s".formatted(url, e.getMessage()));
        }
    }

    private boolean refuse(String message) {
        out.flush();
        System.err.println("bench engine: " + message.replace('\n', ' '));
        return false;
    }
}
