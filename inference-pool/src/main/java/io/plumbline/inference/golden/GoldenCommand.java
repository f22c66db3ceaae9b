package io.plumbline.inference.golden;

import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the product against a folder of reference results: one line per case. */
@Command(
        name = "golden",
        mixinStandardHelpOptions = true,
        description = "Checks kernels, engine, tokenizers, sampling and trainer against a folder of reference results.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:nothing failed", "1:a case failed", "2:the arguments are wrong"})
public final class GoldenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "folder with one sub-folder per suite")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private Path directory;

    @Option(
            names = "--backend",
            defaultValue = Backends.AUTO,
            description = "kernel backend (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private String backend;

    @Option(
            names = "--model",
            paramLabel = "NAME=FILE",
            description = "a base model that cases refer to by name, such as smollm2=FILE.gguf; may be repeated")
    private Map<String, Path> models = new HashMap<>();

    @Option(names = "--suite", paramLabel = "NAME", description = "only this suite; may be repeated")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--json", description = "one JSON object per case and a last one with the totals")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new GoldenCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        checkArguments();
        List<GoldenSuite> suites = suites();
        GoldenReport report = new GoldenReport(spec.commandLine().getOut(), json);
        GoldenOptions options = new GoldenOptions(directory, backend, models);
        for (GoldenSuite suite : suites) {
            run(suite, options, report);
        }
        report.finish();
        return report.failed() > 0 ? 1 : 0;
    }

    private void checkArguments() {
        if (!Files.isDirectory(directory)) {
            throw refuse("there is no folder %s; name a folder with reference results".formatted(directory));
        }
        models.forEach((name, file) -> {
            if (!Files.exists(file)) {
                throw refuse("the model %s is not there: %s does not exist".formatted(name, file));
            }
        });
        try {
            Backends.open(backend, BackendOptions.defaults()).close();
        } catch (KernelException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException refuse(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    /** The suites asked for whose folder is there, by name. */
    private List<GoldenSuite> suites() {
        List<GoldenSuite> all = ServiceLoader.load(GoldenSuite.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(GoldenSuite::folder))
                .toList();
        String known = all.stream().map(GoldenSuite::folder).collect(Collectors.joining(", "));
        for (String name : wanted) {
            if (all.stream().noneMatch(suite -> suite.folder().equals(name))) {
                throw refuse("there is no suite '%s'; choose from: %s".formatted(name, known));
            }
            if (!Files.isDirectory(directory.resolve(name))) {
                throw refuse("%s has no folder '%s'".formatted(directory, name));
            }
        }
        List<GoldenSuite> chosen = all.stream()
                .filter(suite -> wanted.isEmpty() || wanted.contains(suite.folder()))
                .filter(suite -> Files.isDirectory(directory.resolve(suite.folder())))
                .toList();
        if (chosen.isEmpty()) {
            throw refuse("%s holds none of the folders that suites read: %s".formatted(directory, known));
        }
        return chosen;
    }

    private void run(GoldenSuite suite, GoldenOptions options, GoldenReport report) {
        try {
            suite.run(directory.resolve(suite.folder()), options, report::add);
        } catch (IOException | RuntimeException e) {
            // One broken suite must not hide the results of the others.
            String reason = "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage());
            report.add(new GoldenResult(suite.folder(), "(whole suite)", new GoldenResult.Outcome.Failed(reason)));
        }
    }
}
