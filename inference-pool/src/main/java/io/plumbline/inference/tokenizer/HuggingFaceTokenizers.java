package io.plumbline.inference.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Builds tokenizers from {@code tokenizer.json} of the Hugging Face tokenizers library: byte-level BPE with a known
 * pre-tokenizer, BPE with byte fallback over U+2581 for spaces, and unigram models with Metaspace. Whatever else a file asks for is refused, because
 * ignoring it would give wrong tokens.
 */
public final class HuggingFaceTokenizers {
    private static final String REMEDY = "Use a model of the Llama, Qwen, SmolLM or Gemma family, or its GGUF file.";
    private static final int MAX_TOKENS = 1 << 22;

    private final Path file;
    private final JsonNode root;
    private final JsonNode model;

    private HuggingFaceTokenizers(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
        this.model = root.path("model");
    }

    /**
     * Reads a tokenizer.
     *
     * @throws BrokenModelFileException if it is damaged or of a kind that is not supported
     * @throws IOException if it cannot be read at all
     */
    public static Tokenizer read(Path file) throws IOException {
        JsonNode root;
        try {
            root = new JsonMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new BrokenModelFileException(
                    file, -1, "this is no valid JSON: " + e.getOriginalMessage(), "Download the file again.");
        }
        return new HuggingFaceTokenizers(file, root).build();
    }

    /**
     * How a {@code tokenizer.json} of the byte-level kind splits text into words.
     *
     * @throws BrokenModelFileException if the pre-tokenizer is not supported
     */
    static PreTokenizer preTokenizer(Path file, JsonNode root) {
        return new HuggingFaceTokenizers(file, root).preTokenizer(root.path("pre_tokenizer"));
    }

    private Tokenizer build() {
        if (model.path("type").asText().equals("Unigram")) {
            return unigram();
        }
        if (!model.path("type").asText().equals("BPE")) {
            throw unsupported("the model type '%s'".formatted(model.path("type").asText()));
        }
        Vocabulary vocabulary = vocabulary();
        MergeTable merges = merges(vocabulary);
        PieceEncoder encoder;
        if (isByteLevel(root.path("pre_tokenizer"))) {
            requireNothing("normalizer", root.path("normalizer"));
            encoder = new ByteLevelBpe(
                    vocabulary,
                    preTokenizer(root.path("pre_tokenizer")),
                    merges,
                    model.path("ignore_merges").asBoolean());
        } else {
            requireSpaceMarks(root.path("normalizer"));
            int unknown = vocabulary.id(model.path("unk_token").asText("")).orElse(-1);
            encoder = new SentencePieceBpe(vocabulary, SentencePieceBpe.byTable(merges), unknown);
        }
        return new Tokenizer(vocabulary, encoder, framing(vocabulary));
    }

    private Tokenizer unigram() {
        Vocabulary vocabulary = vocabulary();
        double[] scores = new double[vocabulary.size()];
        int id = 0;
        for (JsonNode piece : model.path("vocab")) {
            double score = piece.path(1).asDouble(Double.NaN);
            if (!Double.isFinite(score) || !piece.path(0).isTextual()) {
                throw new BrokenModelFileException(
                        file, -1, "token %d, %s, is no text with a score".formatted(id, piece), REMEDY);
            }
            scores[id++] = score;
        }
        HuggingFaceText normaliser = new HuggingFaceText(root, this::unsupported);
        int unknown = model.path("unk_id").asInt(-1);
        SentencePieceUnigram encoder = new SentencePieceUnigram(
                vocabulary, scores, unknown, normaliser, SentencePieceUnigram.Dialect.HUGGING_FACE);
        Tokenizer.Framing framing = framing(vocabulary);
        return new Tokenizer(
                vocabulary,
                encoder,
                new Tokenizer.Framing(
                        framing.bos(), framing.eos(), framing.addBos(), framing.addEos(), normaliser.prefix()));
    }

    private Vocabulary vocabulary() {
        Map<Integer, String> texts = new HashMap<>();
        Map<Integer, TokenKind> kinds = new HashMap<>();
        boolean byteFallback = model.path("byte_fallback").asBoolean();
        spellings().forEach((id, text) -> {
            texts.put(id, text);
            if (byteFallback && text.matches("<0x[0-9A-F]{2}>")) {
                kinds.put(id, TokenKind.BYTE);
            }
        });
        if (model.path("unk_id").isInt()) {
            kinds.put(model.path("unk_id").asInt(), TokenKind.UNKNOWN);
        }
        for (JsonNode added : root.path("added_tokens")) {
            int id = added.path("id").asInt(-1);
            texts.put(id, added.path("content").asText());
            TokenKind kind = added.path("special").asBoolean() ? TokenKind.CONTROL : TokenKind.USER_DEFINED;
            kinds.merge(id, kind, (old, now) -> old == TokenKind.UNKNOWN ? old : now);
        }
        int size = texts.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        if (size == 0 || size > MAX_TOKENS || texts.containsKey(-1)) {
            throw new BrokenModelFileException(file, -1, "the vocabulary is empty or has wrong ids", REMEDY);
        }
        List<String> ordered = new ArrayList<>(Collections.nCopies(size, ""));
        texts.forEach(ordered::set);
        TokenKind[] orderedKinds = new TokenKind[size];
        Arrays.setAll(
                orderedKinds,
                id -> texts.containsKey(id) ? kinds.getOrDefault(id, TokenKind.NORMAL) : TokenKind.UNUSED);
        return Vocabulary.of(ordered, orderedKinds);
    }

    /** Tokens by id: BPE models name the id of every token, unigram models list them in order. */
    private Map<Integer, String> spellings() {
        Map<Integer, String> texts = new HashMap<>();
        JsonNode tokens = model.path("vocab");
        for (int id = 0; tokens.isArray() && id < tokens.size(); id++) {
            texts.put(id, tokens.path(id).path(0).asText());
        }
        tokens.properties().forEach(entry -> texts.put(entry.getValue().asInt(-1), entry.getKey()));
        return texts;
    }

    private MergeTable merges(Vocabulary vocabulary) {
        JsonNode merges = model.path("merges");
        MergeTable table = new MergeTable(merges.size());
        int rank = 0;
        for (JsonNode merge : merges) { // ["a", "b"] or, before tokenizers 0.20, "a b"
            String[] pair = merge.isArray() && merge.size() == 2
                    ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
                    : merge.asText().split(" ", -1);
            if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) {
                throw new BrokenModelFileException(
                        file, -1, "merge %d, %s, is no pair of tokens".formatted(rank, merge), REMEDY);
            }
            Spellings spellings = vocabulary.spellings();
            table.addKnown(spellings.find(pair[0]), spellings.find(pair[1]), rank++, spellings.find(pair[0] + pair[1]));
        }
        return table;
    }

    private static boolean isByteLevel(JsonNode pre) {
        if (pre.path("type").asText().equals("Sequence")) {
            for (JsonNode part : pre.path("pretokenizers")) {
                if (isByteLevel(part)) {
                    return true;
                }
            }
        }
        return pre.path("type").asText().equals("ByteLevel");
    }

    private PreTokenizer preTokenizer(JsonNode pre) {
        List<JsonNode> parts = new ArrayList<>();
        if (pre.path("type").asText().equals("Sequence")) {
            pre.path("pretokenizers").forEach(parts::add);
        } else {
            parts.add(pre);
        }
        JsonNode byteLevel = parts.getLast();
        if (byteLevel.path("add_prefix_space").asBoolean()) {
            throw unsupported("add_prefix_space");
        }
        boolean gpt2 = byteLevel.path("use_regex").asBoolean(true);
        if (parts.size() == 1 && gpt2) {
            return PreTokenizer.GPT2;
        }
        JsonNode first = parts.getFirst();
        String type = first.path("type").asText();
        if (parts.size() == 2
                && gpt2
                && type.equals("Digits")
                && first.path("individual_digits").asBoolean()) {
            return PreTokenizer.SINGLE_DIGITS;
        }
        if (parts.size() == 2 && !gpt2 && type.equals("Split")) {
            Optional<PreTokenizer> known = PreTokenizer.ofExpression(
                    first.path("pattern").path("Regex").asText());
            if (known.isPresent()) {
                return known.get();
            }
        }
        throw unsupported("this pre-tokenizer");
    }

    private void requireSpaceMarks(JsonNode normalizer) {
        boolean replacesSpaces = normalizer.path("type").asText().equals("Replace")
                && normalizer.path("pattern").path("String").asText().equals(" ")
                && normalizer.path("content").asText().equals("\u2581");
        if (!replacesSpaces || !model.path("byte_fallback").asBoolean()) {
            throw unsupported("this normalizer");
        }
    }

    private void requireNothing(String name, JsonNode node) {
        boolean emptySequence = node.path("type").asText().equals("Sequence")
                && node.path("normalizers").isEmpty();
        if (!node.isMissingNode() && !node.isNull() && !emptySequence) {
            throw unsupported("the %s '%s'".formatted(name, node.path("type").asText()));
        }
    }

    private Tokenizer.Framing framing(Vocabulary vocabulary) {
        List<JsonNode> processors = new ArrayList<>();
        JsonNode post = root.path("post_processor");
        if (post.path("type").asText().equals("Sequence")) {
            post.path("processors").forEach(processors::add);
        } else {
            processors.add(post);
        }
        OptionalInt before = OptionalInt.empty();
        OptionalInt after = OptionalInt.empty();
        for (JsonNode processor : processors) {
            if (processor.path("type").asText().equals("TemplateProcessing")) {
                boolean seenText = false;
                for (JsonNode part : processor.path("single")) {
                    OptionalInt id =
                            vocabulary.id(part.path("SpecialToken").path("id").asText(""));
                    seenText |= part.has("Sequence");
                    before = !seenText && id.isPresent() ? id : before;
                    after = seenText && id.isPresent() ? id : after;
                }
            }
        }
        return new Tokenizer.Framing(before, after, before.isPresent(), after.isPresent(), false);
    }

    private BrokenModelFileException unsupported(String what) {
        return new BrokenModelFileException(file, -1, what + " is not supported", REMEDY);
    }
}
