package io.plumbline.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.weights.pattern.InvalidPatternException;
import io.plumbline.inference.weights.pattern.ModuleName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a PEFT folder and refuses whatever would make the served model differ from the trained one. */
final class PeftAdapterReader {
    private static final long MAX_CONFIG_BYTES = 1 << 20;

    private final Path folder;
    private final Path config;
    private final Path weights;
    private final FaultList faults = new FaultList();
    private final PeftWeightsReader tensors;

    PeftAdapterReader(Path folder) {
        this.folder = folder;
        this.config = folder.resolve(PeftAdapterFolder.CONFIG);
        this.weights = folder.resolve(PeftAdapterFolder.WEIGHTS);
        this.tensors = new PeftWeightsReader(weights);
    }

    /** Looks at everything before it refuses, so that the refusal names every reason. */
    PeftAdapter read() throws IOException {
        requirePlainFile(config);
        requirePlainFile(weights);
        faults.throwIfAny(folder);
        PeftSettings settings = new PeftSettingsReader(config, readConfig(), faults).read();
        SortedMap<AdapterSite, LowRankPair> layers = layers();
        requireEqualShapes(layers);
        SortedMap<AdapterSite, Double> alphas = fit(settings, layers);
        faults.throwIfAny(folder);
        return new PeftAdapter(
                settings.baseModel(),
                (int) settings.ranks().orElseThrow().otherwise(),
                settings.alphas().orElseThrow().otherwise(),
                settings.rankStabilised(),
                settings.dropout(),
                layers,
                alphas);
    }

    private SortedMap<AdapterSite, LowRankPair> layers() throws IOException {
        try {
            return tensors.read(faults);
        } catch (BrokenModelFileException e) { // no safetensors file at all
            faults.add(e.file(), e.fault(), e.remedy());
            return Collections.emptySortedMap();
        }
    }

    private void requirePlainFile(Path file) {
        if (Files.isSymbolicLink(file)) {
            // A link in an uploaded folder could point at any file of this machine.
            faults.add(file, "this is a symbolic link", "Put the file itself into the folder.");
        } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            faults.add(
                    folder,
                    "the folder has no file " + file.getFileName(),
                    "An adapter folder holds adapter_config.json and adapter_model.safetensors.");
        }
    }

    private JsonNode readConfig() throws IOException {
        if (Files.size(config) > MAX_CONFIG_BYTES) {
            throw broken(config, "the file has more than 1 MiB", PeftWeightsReader.EXPORT_AGAIN);
        }
        try {
            JsonNode settings = StrictJson.parse(Files.readAllBytes(config));
            if (!settings.isObject()) {
                throw broken(config, "this is no JSON object", PeftWeightsReader.EXPORT_AGAIN);
            }
            return settings;
        } catch (JsonProcessingException e) {
            throw broken(config, "this is no valid JSON: " + e.getOriginalMessage(), PeftWeightsReader.EXPORT_AGAIN);
        }
    }

    /** Compares every layer with what the settings say about it; returns the alphas. */
    private SortedMap<AdapterSite, Double> fit(PeftSettings settings, SortedMap<AdapterSite, LowRankPair> layers) {
        SortedMap<AdapterSite, Double> alphas = new TreeMap<>();
        try {
            layers.forEach((site, pair) -> {
                ModuleName module = tensors.module(site);
                settings.misplaced(module, site.layer())
                        .ifPresent(why ->
                                faults.add(weights, "%s %s".formatted(site, why), PeftWeightsReader.EXPORT_AGAIN));
                settings.rank(module).ifPresent(rank -> tensors.refuseRank(site, pair, rank, faults));
                settings.alphas().ifPresent(values -> alphas.put(site, values.of(module)));
            });
        } catch (InvalidPatternException e) { // takes too long
            faults.add(config, String.valueOf(e.getMessage()), PeftSettingsReader.WRITE_NAMES);
        }
        return alphas;
    }

    private void requireEqualShapes(SortedMap<AdapterSite, LowRankPair> layers) {
        Map<LinearModule, LowRankPair> shapes = new HashMap<>();
        layers.forEach((site, pair) -> {
            LowRankPair first = shapes.putIfAbsent(site.module(), pair);
            if (first != null && (first.in() != pair.in() || first.out() != pair.out())) {
                faults.add(
                        weights,
                        "%s maps %d to %d features, other layers %d to %d"
                                .formatted(site, pair.in(), pair.out(), first.in(), first.out()),
                        PeftWeightsReader.EXPORT_AGAIN);
            }
        });
    }

    private static BrokenModelFileException broken(Path file, String fault, String remedy) {
        return new BrokenModelFileException(file, -1, fault, remedy);
    }
}
