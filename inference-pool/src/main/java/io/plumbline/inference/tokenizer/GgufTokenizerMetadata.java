package io.plumbline.inference.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufMetadata;
import io.plumbline.inference.weights.HuggingFaceConfig;
import io.plumbline.inference.weights.MetadataValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Tokenizer and chat template of a Hugging Face folder as metadata of a GGUF file ({@code tokenizer.ggml.*}, {@code
 * tokenizer.chat_template}).
 */
public final class GgufTokenizerMetadata {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String REMEDY =
            "Convert the model with llama.cpp's convert_hf_to_gguf.py and quantise the GGUF file.";

    /** Names under which GGUF files know pre-tokenizers, one for each that this product has. */
    private static final List<String> PRE_TOKENIZERS = List.of("gpt-2", "smollm", "llama-bpe", "qwen2", "default");

    /** Text on which the tokenizers of the supported families differ: digits, contractions, scripts, spaces, lines. */
    private static final String PROBE = """
            It's 2026: we'LL pay 1234567.89 € (≈ 10 %) for "naïve" x_y-z!\r
            \t  Two  spaces,   three.\n\n\nI'M here; 你好，世界。第12345条 — ١٢٣ नमस्ते 👩‍🚀 \u2581 end  """;

    private final Path folder;
    private final Path file;
    private final JsonNode root;
    private final Tokenizer tokenizer;

    private GgufTokenizerMetadata(Path folder) throws IOException {
        this.folder = folder;
        this.file = folder.resolve("tokenizer.json");
        this.tokenizer = HuggingFaceTokenizers.read(file);
        this.root = json(file);
    }

    /**
     * The metadata of {@code tokenizer.json}, {@code tokenizer_config.json} and {@code config.json}.
     *
     * @param vocabulary rows of the embedding; the vocabulary is filled up to it with unused tokens
     * @throws BrokenModelFileException if a file is damaged or of a kind that cannot be told in GGUF
     * @throws IOException if {@code tokenizer.json} cannot be read at all
     */
    public static Map<String, MetadataValue> of(Path folder, int vocabulary) throws IOException {
        return new GgufTokenizerMetadata(folder).metadata(vocabulary);
    }

    /**
     * Compares a written tokenizer with the one that it was made from on text where tokenizers differ.
     *
     * @throws BrokenModelFileException if they do not agree
     */
    public static void requireSame(Path folder, GgufMetadata written) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Tokenizer wanted = HuggingFaceTokenizers.read(file);
        Tokenizer found = GgufTokenizers.of(written);
        if (!Arrays.equals(wanted.encode(PROBE, true, true), found.encode(PROBE, true, true))) {
            throw new BrokenModelFileException(file, -1, "a GGUF file cannot hold this tokenizer", REMEDY);
        }
    }

    private Map<String, MetadataValue> metadata(int vocabulary) throws IOException {
        if (tokenizer.size() > vocabulary) {
            throw broken("there are %d tokens but only %d rows of embeddings".formatted(tokenizer.size(), vocabulary));
        }
        List<String> texts = new ArrayList<>();
        int[] kinds = new int[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            boolean known = id < tokenizer.size() && !(tokenizer.kind(id) == TokenKind.UNUSED);
            texts.add(known ? tokenizer.spelling(id) : "[PAD%d]".formatted(id));
            kinds[id] = (known ? tokenizer.kind(id) : TokenKind.UNUSED).ordinal() + 1;
        }
        Map<String, MetadataValue> metadata = new LinkedHashMap<>();
        metadata.put(PREFIX + "tokens", MetadataValue.ofTexts(texts));
        metadata.put(PREFIX + "token_type", MetadataValue.ofInts(kinds));
        framing(metadata);
        if (root.path("model").path("type").asText().equals("Unigram")) {
            unigram(vocabulary, metadata);
        } else if (root.path("model").path("byte_fallback").asBoolean()) {
            metadata.put(PREFIX + "model", new MetadataValue.Text("llama"));
            metadata.put(PREFIX + "scores", MetadataValue.ofFloats(scores(texts)));
            metadata.put(PREFIX + "add_space_prefix", new MetadataValue.Flag(beginsWithSpace()));
        } else {
            metadata.put(PREFIX + "model", new MetadataValue.Text("gpt2"));
            metadata.put(PREFIX + "pre", new MetadataValue.Text(preTokenizer()));
            metadata.put(
                    PREFIX + "merges",
                    MetadataValue.ofTexts(
                            merges().map(pair -> pair[0] + " " + pair[1]).toList()));
        }
        chatTemplate().ifPresent(t -> metadata.put("tokenizer.chat_template", new MetadataValue.Text(t)));
        return metadata;
    }

    /** What SentencePiece's own model says of scores and of normalisation. */
    private void unigram(int vocabulary, Map<String, MetadataValue> metadata) {
        HuggingFaceText text = new HuggingFaceText(root, this::broken);
        float[] scores = new float[vocabulary];
        int id = 0;
        for (JsonNode piece : root.path("model").path("vocab")) {
            scores[id++] = (float) piece.path(1).asDouble();
        }
        metadata.put(PREFIX + "model", new MetadataValue.Text("t5"));
        metadata.put(PREFIX + "scores", MetadataValue.ofFloats(scores));
        metadata.put(PREFIX + "add_space_prefix", new MetadataValue.Flag(text.prefix()));
        metadata.put(PREFIX + "remove_extra_whitespaces", new MetadataValue.Flag(text.removesExtraSpaces()));
        JsonNode unknown = root.path("model").path("unk_id");
        if (unknown.isInt()) {
            id(metadata, "unknown_token_id", OptionalInt.of(unknown.asInt()));
        }
        JsonNode map = root.path("normalizer").findPath("precompiled_charsmap");
        if (map.isTextual()) {
            byte[] bytes = Base64.getDecoder().decode(map.asText()); // checked by whoever read the tokenizer
            metadata.put(PREFIX + "precompiled_charsmap", MetadataValue.ofBytes(bytes));
        }
    }

    private boolean beginsWithSpace() {
        int[] plain = tokenizer.encode("a", false, false);
        return plain.length > 0 && tokenizer.spelling(plain[0]).startsWith("\u2581");
    }

    private String preTokenizer() {
        PreTokenizer used = HuggingFaceTokenizers.preTokenizer(file, root);
        return PRE_TOKENIZERS.stream()
                .filter(name -> PreTokenizer.ofGgufName(name).equals(Optional.of(used)))
                .findFirst()
                .orElseThrow(() -> broken("GGUF files have no name for this pre-tokenizer"));
    }

    private Stream<String[]> merges() {
        List<String[]> merges = new ArrayList<>();
        for (JsonNode merge : root.path("model").path("merges")) { // ["a", "b"] or, before tokenizers 0.20, "a b"
            merges.add(
                    merge.isArray()
                            ? new String[] {
                                merge.path(0).asText(), merge.path(1).asText()
                            }
                            : merge.asText().split(" ", 2));
        }
        return merges.stream();
    }

    /** What merges first has the highest score; merges of SentencePiece vocabularies are sorted by the score of the result. */
    private float[] scores(List<String> texts) {
        Map<String, Integer> rankOf = new HashMap<>();
        merges().forEach(pair -> rankOf.putIfAbsent(pair[0] + pair[1], rankOf.size() + 1));
        float[] scores = new float[texts.size()];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = -rankOf.getOrDefault(texts.get(id), 0);
        }
        return scores;
    }

    private void framing(Map<String, MetadataValue> metadata) throws IOException {
        HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve("config.json"));
        int[] framed = tokenizer.encode("a", false, true);
        boolean addBos =
                tokenizer.bos().isPresent() && framed[0] == tokenizer.bos().getAsInt();
        boolean addEos = tokenizer.eos().isPresent()
                && framed[framed.length - 1] == tokenizer.eos().getAsInt();
        id(metadata, "bos_token_id", addBos ? tokenizer.bos() : config.whole("bos_token_id"));
        OptionalInt configured = config.eosTokenIds().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(config.eosTokenIds().getFirst());
        id(metadata, "eos_token_id", addEos ? tokenizer.eos() : configured);
        id(metadata, "padding_token_id", config.whole("pad_token_id"));
        id(
                metadata,
                "unknown_token_id",
                tokenizer.id(root.path("model").path("unk_token").asText("")));
        metadata.put(PREFIX + "add_bos_token", new MetadataValue.Flag(addBos));
        metadata.put(PREFIX + "add_eos_token", new MetadataValue.Flag(addEos));
    }

    private void id(Map<String, MetadataValue> metadata, String key, OptionalInt id) {
        if (id.isPresent() && id.getAsInt() >= 0 && id.getAsInt() < tokenizer.size()) {
            metadata.put(PREFIX + key, MetadataValue.ofCount(id.getAsInt()));
        }
    }

    /** {@code chat_template.jinja}, or the template (the one called default, of several) in the configuration. */
    private Optional<String> chatTemplate() throws IOException {
        Path jinja = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(jinja)) {
            return Optional.of(Files.readString(jinja, StandardCharsets.UTF_8));
        }
        Path settings = folder.resolve("tokenizer_config.json");
        if (!Files.isRegularFile(settings)) {
            return Optional.empty();
        }
        JsonNode template = json(settings).path("chat_template");
        for (JsonNode named : template) {
            if (named.path("name").asText().equals("default")) {
                template = named.path("template");
                break;
            }
        }
        return template.isTextual() ? Optional.of(template.asText()) : Optional.empty();
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            return new JsonMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new BrokenModelFileException(
                    file, -1, "this is no valid JSON: " + e.getOriginalMessage(), "Download the file again.");
        }
    }

    private BrokenModelFileException broken(String fault) {
        return new BrokenModelFileException(file, -1, fault, REMEDY);
    }
}
