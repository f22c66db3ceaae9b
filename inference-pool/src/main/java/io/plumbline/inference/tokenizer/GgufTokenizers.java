package io.plumbline.inference.tokenizer;

import io.plumbline.inference.weights.GgufMetadata;
import io.plumbline.inference.weights.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Builds tokenizers from the metadata of GGUF files ({@code tokenizer.ggml.*}). */
public final class GgufTokenizers {
    private static final String PREFIX = "tokenizer.ggml.";

    /**
     * Spellings that end a text or a turn in some family. llama.cpp treats tokens spelled like that as control tokens even
     * where the file calls them something else, and so do the published token ids.
     */
    private static final Set<String> ALWAYS_CONTROL = Set.of(
            "<|eot_id|>",
            "<|eom_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|end_of_text|>",
            "<|endoftext|>",
            "<end_of_turn>",
            "</s>");

    private GgufTokenizers() {}

    /**
     * The tokenizer of a model file.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if it is missing, inconsistent or of a kind that
     *     is not supported
     */
    public static Tokenizer of(GgufMetadata metadata) {
        Spellings spellings = spellings(metadata);
        if (spellings.size() == 0) {
            throw metadata.broken("the vocabulary is empty");
        }
        Vocabulary vocabulary = new Vocabulary(spellings, kinds(metadata, spellings));
        String model = metadata.requireText(PREFIX + "model");
        return switch (model) {
            case "gpt2" -> byteLevel(metadata, vocabulary);
            case "llama" -> sentencePiece(metadata, vocabulary);
            case "t5" -> unigram(metadata, vocabulary);
            default ->
                throw metadata.broken(
                        "the tokenizer '%s' is not supported, only gpt2 (byte-level BPE), llama (BPE by scores) and t5 (unigram)"
                                .formatted(model));
        };
    }

    private static Spellings spellings(GgufMetadata metadata) {
        MetadataValue.Array tokens = metadata.requireTextArray(PREFIX + "tokens");
        Spellings.Builder spellings = new Spellings.Builder(tokens.size());
        tokens.forEachText(spellings::add);
        return spellings.build();
    }

    private static TokenKind[] kinds(GgufMetadata metadata, Spellings spellings) {
        int size = spellings.size();
        TokenKind[] kinds = new TokenKind[size];
        Arrays.fill(kinds, TokenKind.NORMAL);
        metadata.wholes(PREFIX + "token_type").ifPresent(numbers -> {
            if (numbers.length != size) {
                throw metadata.broken("there are %d tokens but %d token types".formatted(size, numbers.length));
            }
            for (int id = 0; id < size; id++) {
                kinds[id] = TokenKind.ofGgufNumber(numbers[id]);
            }
        });
        for (String control : ALWAYS_CONTROL) {
            spellings.all(control).forEach(id -> kinds[id] = TokenKind.CONTROL);
        }
        return kinds;
    }

    private static Tokenizer byteLevel(GgufMetadata metadata, Vocabulary vocabulary) {
        String pre = metadata.text(PREFIX + "pre").orElse("");
        PreTokenizer preTokenizer = PreTokenizer.ofGgufName(pre)
                .orElseThrow(() -> metadata.broken(
                        "the pre-tokenizer '%s' is not known; tokens would come out wrong".formatted(pre)));
        MetadataValue.Array merges = metadata.requireTextArray(PREFIX + "merges");
        MergeTable table = new MergeTable(merges.size());
        AtomicInteger rank = new AtomicInteger();
        merges.forEachText((pair, length) -> {
            if (!addMerge(vocabulary.spellings(), table, rank.getAndIncrement(), pair, length)) {
                throw metadata.broken("merge %d, '%s', is no pair of tokens"
                        .formatted(rank.get() - 1, new String(pair, 0, length, StandardCharsets.UTF_8)));
            }
        });
        boolean llama3 = preTokenizer == PreTokenizer.LLAMA3;
        return new Tokenizer(
                vocabulary,
                new ByteLevelBpe(vocabulary, preTokenizer, table, llama3),
                framing(metadata, vocabulary, llama3, false));
    }

    /** Adds two spellings with a space between them; false if it is no such pair. */
    private static boolean addMerge(Spellings spellings, MergeTable table, int rank, byte[] pair, int length) {
        int space = 1; // a token may begin with a space in old files
        while (space < length && pair[space] != ' ') {
            space++;
        }
        if (space >= length - 1) {
            return false;
        }
        int left = spellings.find(pair, 0, space);
        int right = spellings.find(pair, space + 1, length);
        System.arraycopy(pair, 0, pair, 1, space);
        table.addKnown(left, right, rank, spellings.find(pair, 1, length));
        return true;
    }

    private static Tokenizer sentencePiece(GgufMetadata metadata, Vocabulary vocabulary) {
        float[] scores = scores(metadata, vocabulary);
        int unknown = id(metadata, vocabulary, "unknown_token_id").orElse(-1);
        return new Tokenizer(
                vocabulary,
                new SentencePieceBpe(vocabulary, SentencePieceBpe.byScores(vocabulary, scores), unknown),
                framing(
                        metadata,
                        vocabulary,
                        true,
                        metadata.flag(PREFIX + "add_space_prefix").orElse(true)));
    }

    private static float[] scores(GgufMetadata metadata, Vocabulary vocabulary) {
        float[] scores = metadata.reals(PREFIX + "scores")
                .orElseThrow(() -> metadata.broken("the metadata key 'tokenizer.ggml.scores' is missing"));
        if (scores.length != vocabulary.size()) {
            throw metadata.broken("there are %d tokens but %d scores".formatted(vocabulary.size(), scores.length));
        }
        for (int id = 0; id < scores.length; id++) {
            if (!Float.isFinite(scores[id])) {
                throw metadata.broken("the score of token %d is %s".formatted(id, scores[id]));
            }
        }
        return scores;
    }

    private static Tokenizer unigram(GgufMetadata metadata, Vocabulary vocabulary) {
        boolean prefix = metadata.flag(PREFIX + "add_space_prefix").orElse(true); // decoding drops a space in front
        boolean removeExtra = metadata.flag(PREFIX + "remove_extra_whitespaces").orElse(true);
        SentencePieceText normaliser = new SentencePieceText(
                characterMap(metadata),
                SentencePieceUnigram.userDefined(vocabulary),
                new SentencePieceText.Spaces(addedSpace(metadata), removeExtra));
        float[] stored = scores(metadata, vocabulary);
        double[] scores = new double[stored.length];
        Arrays.setAll(scores, token -> stored[token]);
        SentencePieceUnigram encoder = new SentencePieceUnigram(
                vocabulary,
                scores,
                id(metadata, vocabulary, "unknown_token_id")
                        .orElse(Arrays.asList(vocabulary.kinds()).indexOf(TokenKind.UNKNOWN)),
                normaliser,
                SentencePieceUnigram.Dialect.SENTENCEPIECE);
        Tokenizer.Framing framing = framing(metadata, vocabulary, false, prefix);
        boolean eos = metadata.flag(PREFIX + "add_eos_token").orElse(true);
        return new Tokenizer(
                vocabulary,
                encoder,
                new Tokenizer.Framing(framing.bos(), framing.eos(), framing.addBos(), eos, prefix));
    }

    private static SentencePieceText.Added addedSpace(GgufMetadata metadata) {
        if (!metadata.flag(PREFIX + "add_space_prefix").orElse(true)) {
            return SentencePieceText.Added.NOWHERE;
        }
        return metadata.flag(PREFIX + "treat_whitespace_as_suffix").orElse(false)
                ? SentencePieceText.Added.BEHIND
                : SentencePieceText.Added.IN_FRONT;
    }

    private static CharacterMap characterMap(GgufMetadata metadata) {
        long[] stored = metadata.wholes(PREFIX + "precompiled_charsmap").orElse(new long[0]);
        byte[] bytes = new byte[stored.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) stored[i];
        }
        try {
            return CharacterMap.of(bytes);
        } catch (IllegalArgumentException e) {
            throw metadata.broken("%sprecompiled_charsmap is damaged: %s".formatted(PREFIX, e.getMessage()));
        }
    }

    private static Tokenizer.Framing framing(
            GgufMetadata metadata, Vocabulary vocabulary, boolean addBosByDefault, boolean spacePrefix) {
        return new Tokenizer.Framing(
                id(metadata, vocabulary, "bos_token_id"),
                id(metadata, vocabulary, "eos_token_id"),
                metadata.flag(PREFIX + "add_bos_token").orElse(addBosByDefault),
                metadata.flag(PREFIX + "add_eos_token").orElse(false),
                spacePrefix);
    }

    private static OptionalInt id(GgufMetadata metadata, Vocabulary vocabulary, String key) {
        var id = metadata.whole(PREFIX + key);
        if (id.isEmpty()) {
            return OptionalInt.empty();
        }
        if (id.getAsLong() < 0 || id.getAsLong() >= vocabulary.size()) {
            throw metadata.broken(
                    "%s is %d, but there are %d tokens".formatted(key, id.getAsLong(), vocabulary.size()));
        }
        return OptionalInt.of((int) id.getAsLong());
    }
}
