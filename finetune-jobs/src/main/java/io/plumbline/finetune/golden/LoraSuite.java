package io.plumbline.finetune.golden;

import io.plumbline.finetune.artifact.AdapterFormatException;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code lora/}: supervised fine-tuning of tiny models, computed with PEFT. */
public final class LoraSuite implements GoldenSuite {
    @Override
    public String folder() {
        return "lora";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        try (Backend backend = Backends.open(options.backend(), BackendOptions.defaults())) {
            for (Path folder : folders(directory)) {
                String name = folder.getFileName().toString();
                run(folder, options, backend, (part, outcome) -> {
                    String full = part.isEmpty() ? name : name + ": " + part;
                    report.accept(new GoldenResult(folder(), full, outcome));
                });
            }
        }
    }

    private static void run(Path folder, GoldenOptions options, Backend backend, PartReport report) {
        try {
            LoraCase golden = LoraCase.read(folder);
            if (!golden.isAdapter()) {
                report.accept(
                        "",
                        new Outcome.Refused(
                                "trains every weight of the base; this product trains adapters over a frozen base"));
                return;
            }
            Path base = options.root().resolve(golden.json().path("base").asText());
            try (LoadedModel model = LoadedModel.open(base, backend);
                    LoraRun run = new LoraRun(golden, model)) {
                run.run(report::accept);
            }
        } catch (UnsupportedModelException | AdapterFormatException e) {
            report.accept("", new Outcome.Refused(String.valueOf(e.getMessage())));
        } catch (IOException | BrokenModelFileException e) {
            report.accept("", new Outcome.Failed("%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage())));
        }
    }

    private static List<Path> folders(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(p -> Files.isRegularFile(p.resolve("golden.json")))
                    .sorted()
                    .toList();
        }
    }

    private interface PartReport {
        void accept(String part, Outcome outcome);
    }
}
