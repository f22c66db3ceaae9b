package io.plumbline.inference.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToIntFunction;

/**
 * Adapter folders in PEFT's format, readable by PEFT, vLLM and vLLM-Ascend: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 */
public final class PeftAdapterFolder {
    /** The settings. */
    public static final String CONFIG = "adapter_config.json";

    /** The weights. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private PeftAdapterFolder() {}

    /**
     * Reads an adapter into memory, as floats.
     *
     * @throws BrokenModelFileException if a file is missing, damaged, or says something this product does not do
     * @throws IOException if a file cannot be read at all
     */
    public static PeftAdapter read(Path folder) throws IOException {
        return new PeftAdapterReader(folder).read();
    }

    /**
     * Writes an adapter into a folder, which is created if needed; B in Hugging Face row order.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(Path folder, PeftAdapter adapter) throws IOException {
        Files.createDirectories(folder);
        writeWeights(folder.resolve(WEIGHTS), adapter.layers());
        Path draft = Files.createTempFile(folder, ".writing-", ".json");
        try {
            Files.write(draft, StrictJson.write(PeftConfigWriter.config(adapter)));
            Files.move(
                    draft, folder.resolve(CONFIG), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /**
     * Reads the tensors of an adapter without its settings, as floats: its weights, or what {@link #writeWeights} wrote
     * under their names.
     *
     * @param rank of a layer, which its tensors must have
     * @throws BrokenModelFileException if the file is damaged or its tensors do not pair up
     * @throws IOException if it cannot be read at all
     */
    public static SortedMap<AdapterSite, LowRankPair> readWeights(Path file, ToIntFunction<AdapterSite> rank)
            throws IOException {
        FaultList faults = new FaultList();
        PeftWeightsReader reader = new PeftWeightsReader(file);
        SortedMap<AdapterSite, LowRankPair> layers = reader.read(faults);
        layers.forEach((site, pair) -> reader.refuseRank(site, pair, rank.applyAsInt(site), faults));
        faults.throwIfAny(file);
        return layers;
    }

    /**
     * Writes the tensors of an adapter without its settings, F32: its weights, or one value per weight, such as an
     * optimiser's moments, under the same names.
     *
     * @throws IOException if it cannot be written
     */
    public static void writeWeights(Path file, SortedMap<AdapterSite, LowRankPair> layers) throws IOException {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        layers.forEach((site, pair) -> {
            long rank = pair.rank();
            tensors.add(SafetensorsTensor.ofFloats(tensorName(site, "A"), List.of(rank, (long) pair.in()), pair.a()));
            tensors.add(SafetensorsTensor.ofFloats(tensorName(site, "B"), List.of((long) pair.out(), rank), pair.b()));
        });
        SafetensorsWriter.write(file, Map.of("format", "pt"), tensors);
    }

    /** The name PEFT gives to factor {@code A} or {@code B} of a layer. */
    private static String tensorName(AdapterSite site, String factor) {
        return "base_model.model.%s.lora_%s.weight".formatted(moduleName(site), factor);
    }

    /** The path of a linear layer in a model with a head. */
    static String moduleName(AdapterSite site) {
        return "model.layers.%d.%s".formatted(site.layer(), site.module().path());
    }
}
