package io.plumbline.inference.conversion;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.evaluation.Perplexity;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./plumbline quantize}: a model file with smaller weights, and what that costs. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes a model as a GGUF file with smaller weights, and prints sizes and perplexity before and after.",
            "Vectors stay F32. Matrices take the format; the one that makes the logits takes Q6_K where the format has"
                    + " fewer bits. Rows that do not fill the format's blocks take its neighbour (Q4_K: Q5_0; Q6_K:"
                    + " Q8_0; else F16), and the output says so."
        })
public final class QuantizeCommand implements Callable<Integer> {
    private static final String TEXT = "held-out.txt";

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = {"GGUF file, or folder with config.json, tokenizer.json and safetensors"})
    private Path input = Path.of("");

    @Parameters(index = "1", paramLabel = "OUT", description = "GGUF file to be written")
    private Path output = Path.of("");

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = "Q4_0, Q4_K, Q8_0 or F16; also ${COMPLETION-CANDIDATES}")
    private QuantFormat format = QuantFormat.Q8_0;

    @Option(names = "--force", description = "write over OUT if it exists")
    private boolean force;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "UTF-8 text for the perplexity (default: a short one in English and Chinese)")
    private @Nullable Path text;

    @Option(names = "--no-perplexity", description = "do not measure it")
    private boolean unmeasured;

    @Option(names = "--backend", description = "kernel backend that measures (default: auto)")
    private String backend = Backends.AUTO;

    @Option(names = "--threads", paramLabel = "N", description = "worker threads (default: all processors)")
    private int threads = BackendOptions.defaults().threads();

    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new QuantizeCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        try {
            checkPaths();
            var order = new ModelQuantizer.Order(input, output, format, measuredText(), backend, threads);
            QuantizationReport report = new ModelQuantizer(order).run();
            out.print(json ? toJson(report) + "\n" : toText(report));
            return CommandLine.ExitCode.OK;
        } catch (NoSuchFileException e) {
            return refuse("there is no file %s; give the path of an existing one".formatted(e.getFile()));
        } catch (AccessDeniedException e) {
            return refuse("%s may not be read or written; change its permissions or choose another place"
                    .formatted(e.getFile()));
        } catch (CharacterCodingException e) {
            return refuse("%s is no UTF-8 text; convert it or choose another one".formatted(text));
        } catch (IOException e) {
            return refuse("%s could not be written: %s".formatted(output, e.getMessage()));
        } catch (BrokenModelFileException | UnsupportedModelException | KernelException | IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()));
        } finally {
            out.flush();
        }
    }

    private static int refuse(String message) {
        System.err.println("quantize: " + message.replace('\n', ' '));
        return CommandLine.ExitCode.SOFTWARE;
    }

    private void checkPaths() throws IOException {
        if (!Files.exists(input)) {
            throw new NoSuchFileException(input.toString());
        }
        if (Files.isDirectory(output)) {
            throw new IllegalArgumentException("%s is a folder; name the file to be written".formatted(output));
        }
        Path folder = output.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder %s; create it first".formatted(folder));
        }
        if (Files.exists(output)) {
            if (Files.isSameFile(input, output)) {
                throw new IllegalArgumentException("IN and OUT are the same file; choose another name for OUT");
            }
            if (!force) {
                throw new IllegalArgumentException(
                        "%s exists; choose another name or write over it with --force".formatted(output));
            }
        }
        if (threads < 1) {
            throw new IllegalArgumentException("--threads must be at least 1, not " + threads);
        }
    }

    private Optional<String> measuredText() throws IOException {
        if (unmeasured) {
            return Optional.empty();
        }
        if (text != null) {
            return Optional.of(Files.readString(text));
        }
        try (InputStream stream = QuantizeCommand.class.getResourceAsStream(TEXT)) {
            if (stream == null) {
                throw new IllegalStateException("the product lacks its resource " + TEXT);
            }
            return Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private String toText(QuantizationReport report) {
        StringBuilder out = new StringBuilder();
        contents(out, "before", input, report.before());
        contents(out, "after", output, report.after());
        report.notes().forEach(note -> out.append("note    ").append(note).append('\n'));
        if (report.perplexityBefore().isPresent() && report.perplexityAfter().isPresent()) {
            Perplexity before = report.perplexityBefore().orElseThrow();
            Perplexity after = report.perplexityAfter().orElseThrow();
            out.append("perplexity  %.4f before, %.4f after (%+.2f %%), over %d tokens of %s in windows of %d%n"
                    .formatted(
                            before.value(),
                            after.value(),
                            100 * (after.value() / before.value() - 1),
                            after.tokens(),
                            text == null ? "the built-in text" : text,
                            after.window()));
        }
        return out.toString();
    }

    private static void contents(StringBuilder out, String label, Path path, QuantizationReport.Contents contents) {
        out.append("%-7s %s: %,.1f MB of weights, %.2f bits per weight%n"
                .formatted(label, path, contents.bytes() / 1e6, contents.bitsPerWeight()));
        for (QuantizationReport.FormatShare share : contents.formats()) {
            out.append("        %-7s %,4d tensors %,15d weights %,9.1f MB  %.4g bits per weight%n"
                    .formatted(
                            share.format(),
                            share.tensors(),
                            share.weights(),
                            share.bytes() / 1e6,
                            FormatPolicy.bitsPerWeight(share.format())));
        }
    }

    private String toJson(QuantizationReport report) {
        ObjectNode root = new JsonMapper().createObjectNode();
        root.put("output", output.toString());
        root.put("format", format.name());
        contents(root.putObject("before"), report.before());
        contents(root.putObject("after"), report.after());
        ArrayNode notes = root.putArray("notes");
        report.notes().forEach(notes::add);
        report.perplexityBefore().ifPresent(p -> perplexity(root.putObject("perplexity_before"), p));
        report.perplexityAfter().ifPresent(p -> perplexity(root.putObject("perplexity_after"), p));
        return root.toString();
    }

    private static void contents(ObjectNode node, QuantizationReport.Contents contents) {
        node.put("bytes", contents.bytes());
        node.put("bits_per_weight", contents.bitsPerWeight());
        ObjectNode formats = node.putObject("formats");
        contents.formats()
                .forEach(share -> formats.putObject(share.format().name().toUpperCase(Locale.ROOT))
                        .put("tensors", share.tensors())
                        .put("weights", share.weights())
                        .put("bytes", share.bytes()));
    }

    private static void perplexity(ObjectNode node, Perplexity perplexity) {
        node.put("value", perplexity.value());
        node.put("tokens", perplexity.tokens());
        node.put("window", perplexity.window());
    }
}
