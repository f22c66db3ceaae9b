package io.plumbline.inference.conversion;

import io.plumbline.inference.conversion.QuantizationReport.Contents;
import io.plumbline.inference.conversion.QuantizationReport.FormatShare;
import io.plumbline.inference.evaluation.Perplexity;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.ExportedTensor;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.weights.GgufTensor;
import io.plumbline.inference.weights.GgufWriter;
import io.plumbline.inference.weights.MetadataValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Writes a model again as a GGUF file with smaller weights. */
final class ModelQuantizer {
    private static final long QUANTIZATION_VERSION = 2;

    private final Order order;

    /**
     * What to do.
     *
     * @param input a GGUF file, or a folder in Hugging Face layout
     * @param output the GGUF file to be
     * @param target the format of the matrices
     * @param text what perplexity is measured on, before and after; empty = not at all
     * @param backend which kernels measure it
     * @param threads workers
     */
    record Order(Path input, Path output, QuantFormat target, Optional<String> text, String backend, int threads) {}

    ModelQuantizer(Order order) {
        this.order = order;
    }

    /**
     * Writes the output in one step.
     *
     * @throws IOException if something cannot be read or written; the output is then as before
     * @throws io.plumbline.inference.weights.BrokenModelFileException if the input is damaged
     * @throws io.plumbline.inference.model.UnsupportedModelException if this product cannot run it
     */
    QuantizationReport run() throws IOException {
        try (SourceModel source = SourceModel.open(order.input())) {
            Optional<Perplexity> before = perplexity(order.input(), source);
            FormatPolicy policy = new FormatPolicy(order.target(), source.tiedEmbedding());
            Map<String, QuantFormat> formats = new LinkedHashMap<>();
            source.tensors().forEach(t -> formats.put(t.name(), policy.formatOf(t.name(), t.dimensions())));
            write(source, formats);
            return new QuantizationReport(
                    contents(source.tensors(), Map.of()),
                    contents(source.tensors(), formats),
                    before,
                    perplexity(order.output(), source),
                    notes(source.tensors(), policy, formats));
        }
    }

    private void write(SourceModel source, Map<String, QuantFormat> formats) throws IOException {
        Map<String, MetadataValue> metadata = new LinkedHashMap<>(source.metadata());
        metadata.put("general.file_type", MetadataValue.ofCount(fileType(order.target())));
        metadata.put("general.quantization_version", MetadataValue.ofCount(QUANTIZATION_VERSION));
        try (ExecutorService workers = Executors.newFixedThreadPool(order.threads())) {
            TensorPacker packer = new TensorPacker(order.input(), order.threads(), workers);
            List<GgufTensor> tensors = new ArrayList<>();
            for (ExportedTensor tensor : source.tensors()) {
                tensors.add(packer.packed(tensor, formats.getOrDefault(tensor.name(), order.target())));
            }
            GgufWriter.write(order.output(), metadata, tensors, source.check());
        }
    }

    /** llama.cpp's number for a file whose matrices have mostly that format ({@code LLAMA_FTYPE_MOSTLY_…}). */
    private static int fileType(QuantFormat format) {
        return switch (format) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q4_1 -> 3;
            case Q8_0 -> 7;
            case Q5_0 -> 8;
            case Q5_1 -> 9;
            case Q2_K -> 10;
            case Q3_K -> 11;
            case Q4_K -> 14;
            case Q5_K -> 16;
            case Q6_K -> 18;
            case IQ4_NL -> 25;
            case IQ4_XS -> 30;
            case BF16 -> 32;
        };
    }

    private Optional<Perplexity> perplexity(Path path, SourceModel source) throws IOException {
        if (order.text().isEmpty()) {
            return Optional.empty();
        }
        try (Backend backend = Backends.open(order.backend(), new BackendOptions(order.threads()));
                LoadedModel model = LoadedModel.open(path, backend)) {
            return Optional.of(
                    Perplexity.measure(model, source.tokenizer(), order.text().orElseThrow()));
        }
    }

    /** @param formats by tensor; a tensor that is not in it keeps its own */
    private static Contents contents(List<ExportedTensor> tensors, Map<String, QuantFormat> formats) {
        Map<QuantFormat, FormatShare> shares = new TreeMap<>();
        for (ExportedTensor tensor : tensors) {
            QuantFormat format = formats.getOrDefault(tensor.name(), tensor.format());
            long bytes = tensor.rows() * format.rowBytes(tensor.columns());
            shares.merge(
                    format,
                    new FormatShare(format, 1, (long) tensor.rows() * tensor.columns(), bytes),
                    FormatShare::plus);
        }
        return new Contents(List.copyOf(shares.values()));
    }

    private List<String> notes(List<ExportedTensor> tensors, FormatPolicy policy, Map<String, QuantFormat> formats) {
        List<String> notes = new ArrayList<>();
        Map<String, Integer> fallbacks = new TreeMap<>();
        boolean again = false;
        for (ExportedTensor tensor : tensors) {
            QuantFormat format = formats.getOrDefault(tensor.name(), order.target());
            QuantFormat wanted = policy.wanted(tensor.name());
            if (format != wanted && format != QuantFormat.F32) {
                String what = "with rows of %d values stored as %s, because %s packs %d values at a time"
                        .formatted(tensor.columns(), format, wanted, wanted.blockElements());
                fallbacks.merge(what, 1, Integer::sum);
            }
            QuantFormat own = tensor.format();
            again |= own.blockElements() > 1 && own != format;
        }
        fallbacks.forEach(
                (what, count) -> notes.add("%d %s %s.".formatted(count, count == 1 ? "matrix" : "matrices", what)));
        if (again) {
            notes.add("The input was quantised already; quantising its original loses less.");
        }
        return notes;
    }
}
