package io.plumbline.platform.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * BERT's tokenizer: words are split greedily into the longest pieces of the vocabulary (Wu et al. 2016, "WordPiece").
 * Text is lower-cased first: the vocabulary has no capital letter, so that without it "CT" and "MRI" would be the same
 * unknown word. Special tokens come from here alone; "[SEP]" in a text is five ordinary pieces.
 */
final class WordPiece {
    private static final int LONGEST_WORD = 100;
    private static final String CONTINUES = "##";

    private final Map<String, Integer> vocabulary;
    private final int unknown;
    private final int begin;
    private final int end;

    private WordPiece(Map<String, Integer> vocabulary) {
        this.vocabulary = vocabulary;
        this.unknown = special("[UNK]");
        this.begin = special("[CLS]");
        this.end = special("[SEP]");
    }

    /**
     * Reads the vocabulary of a Hugging Face {@code tokenizer.json}.
     *
     * @throws IOException if it cannot be read or holds no WordPiece model
     */
    static WordPiece read(InputStream tokenizerJson) throws IOException {
        JsonNode model = new ObjectMapper().readTree(tokenizerJson).path("model");
        if (!model.path("type").asText().equals("WordPiece")
                || model.path("vocab").isEmpty()) {
            throw new IOException("the tokenizer file holds no WordPiece model");
        }
        Map<String, Integer> vocabulary = HashMap.newHashMap(model.path("vocab").size());
        model.path("vocab")
                .properties()
                .forEach(
                        entry -> vocabulary.put(entry.getKey(), entry.getValue().intValue()));
        return new WordPiece(vocabulary);
    }

    private int special(String piece) {
        Integer id = vocabulary.get(piece);
        if (id == null) {
            throw new IllegalArgumentException("the vocabulary lacks " + piece);
        }
        return id;
    }

    /**
     * The ids that the model reads, {@code [CLS]} and {@code [SEP]} included.
     *
     * @return shape (tokens); two tokens if the text has nothing to read
     */
    int[] encode(String text) {
        Ids ids = new Ids();
        ids.add(begin);
        for (String word : BertPreTokenizer.words(text.toLowerCase(Locale.ROOT))) {
            split(word, ids);
        }
        ids.add(end);
        return ids.toArray();
    }

    private void split(String word, Ids ids) {
        int before = ids.size;
        int from = word.codePointCount(0, word.length()) > LONGEST_WORD ? -1 : 0;
        while (from >= 0 && from < word.length()) {
            from = longestPiece(word, from, ids);
        }
        if (from < 0) { // a word is known as a whole or not at all
            ids.size = before;
            ids.add(unknown);
        }
    }

    /** Adds the longest piece that stands at an index; the index behind it, or -1 if none does. */
    private int longestPiece(String word, int from, Ids ids) {
        for (int to = word.length(); to > from; to--) {
            String piece = word.substring(from, to);
            Integer id = vocabulary.get(from == 0 ? piece : CONTINUES + piece);
            if (id != null) {
                ids.add(id);
                return to;
            }
        }
        return -1;
    }

    /** A growing array. */
    private static final class Ids {
        private int[] values = new int[64];
        private int size;

        void add(int id) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = id;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
