package io.plumbline.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The unigram language model of SentencePiece (Kudo 2018, arXiv 1804.10959): of all ways to cut a text into tokens the
 * one with the highest sum of scores, found by Viterbi's algorithm. Of two cuts of equal sums the one stands that was
 * reached first from the left: that with the longer last token.
 */
final class SentencePieceUnigram implements PieceEncoder {
    /** How much worse than the worst token a character outside the vocabulary is. */
    private static final double UNKNOWN_PENALTY = 10;

    /** How much a user-defined token costs; next to nothing, so that it wins over its parts. */
    private static final double USER_DEFINED_COST = 0.1;

    private final UnigramText normaliser;
    private final Dialect dialect;
    private final int unknown;
    private final double unknownScore;
    private final double[] scores;
    private final ByteTrie pieces = new ByteTrie();
    private final int[] tokenOfByte = new int[256];
    private final boolean byteFallback;

    /** Whose tokens are to come out exactly. */
    enum Dialect {
        /** Sums are floats; user-defined tokens take part in the search. */
        SENTENCEPIECE,
        /** Sums are doubles; user-defined tokens are found before the text is normalised. */
        HUGGING_FACE
    }

    /**
     * @param scores log probability per token
     * @param unknown token for runs of characters that cannot be expressed, or -1 to drop them; unused if the vocabulary
     *     has a token for every byte
     */
    SentencePieceUnigram(Vocabulary vocabulary, double[] scores, int unknown, UnigramText normaliser, Dialect dialect) {
        this.unknown = unknown;
        this.normaliser = normaliser;
        this.dialect = dialect;
        this.scores = scores.clone();
        Arrays.fill(tokenOfByte, -1);
        double lowest = Double.MAX_VALUE;
        for (int id = 0; id < scores.length; id++) {
            String text = vocabulary.text(id);
            switch (vocabulary.kind(id)) {
                case NORMAL -> {
                    lowest = Math.min(lowest, scores[id]);
                    pieces.add(text.getBytes(StandardCharsets.UTF_8), id);
                }
                case USER_DEFINED -> {
                    this.scores[id] = -USER_DEFINED_COST;
                    if (dialect == Dialect.SENTENCEPIECE) {
                        pieces.add(text.getBytes(StandardCharsets.UTF_8), id);
                    }
                }
                case BYTE -> {
                    byte[] value = SentencePieceBpe.byteOf(text);
                    if (value.length == 1) {
                        tokenOfByte[value[0] & 0xFF] = id;
                    }
                }
                case UNKNOWN, CONTROL, UNUSED -> {} // never in a text
            }
        }
        unknownScore = round(lowest - UNKNOWN_PENALTY);
        byteFallback = Arrays.stream(tokenOfByte).allMatch(token -> token >= 0);
    }

    /** The user-defined tokens of a vocabulary, which SentencePiece does not normalise. */
    static ByteTrie userDefined(Vocabulary vocabulary) {
        ByteTrie trie = new ByteTrie();
        for (int id = 0; id < vocabulary.size(); id++) {
            String text = vocabulary.text(id);
            if (vocabulary.kind(id) == TokenKind.USER_DEFINED && !text.isEmpty()) {
                trie.add(text.getBytes(StandardCharsets.UTF_8), id);
            }
        }
        return trie;
    }

    /** Bytes of the UTF-8 character that begins with this byte. */
    static int characterLength(byte first) {
        return first >= 0 ? 1 : Math.max(1, Integer.numberOfLeadingZeros(~(first << 24)));
    }

    @Override
    public boolean normalises() {
        return true;
    }

    @Override
    public boolean findsUserDefined() {
        return dialect == Dialect.SENTENCEPIECE;
    }

    @Override
    public void encode(String text, IntList tokens) {
        for (byte[] stretch : normaliser.stretches(text)) {
            new Lattice(stretch).appendBest(tokens);
        }
    }

    @Override
    public byte[] bytes(String spelling, TokenKind kind) {
        return switch (kind) {
            case NORMAL, UNUSED, USER_DEFINED ->
                spelling.replace(UnigramText.SPACE_MARK, ' ').getBytes(StandardCharsets.UTF_8);
            case UNKNOWN, CONTROL -> spelling.getBytes(StandardCharsets.UTF_8);
            case BYTE -> SentencePieceBpe.byteOf(spelling);
        };
    }

    private double round(double sum) {
        return dialect == Dialect.SENTENCEPIECE ? (float) sum : sum;
    }

    /** The best cut up to every byte of one text. */
    private final class Lattice {
        private static final int UNREACHED = -1;
        private static final int UNKNOWN_TOKEN = -1;

        private final byte[] text;
        private final double[] best;
        private final int[] startOf;
        private final int[] tokenOf;

        Lattice(byte[] text) {
            this.text = text;
            this.best = new double[text.length + 1];
            this.startOf = new int[text.length + 1];
            this.tokenOf = new int[text.length + 1];
            Arrays.fill(startOf, UNREACHED);
            for (int start = 0; start < text.length; start += characterLength(text[start])) {
                extend(start);
            }
        }

        /** Tries every token that begins here. */
        private void extend(int start) {
            int character = Math.min(start + characterLength(text[start]), text.length);
            boolean known = false;
            int node = ByteTrie.ROOT;
            for (int end = start; end < text.length; ) {
                node = pieces.child(node, text[end++]);
                if (node == ByteTrie.NONE) {
                    break;
                }
                int token = pieces.value(node);
                if (token != ByteTrie.NONE) {
                    offer(start, end, token, scores[token]);
                    known |= end == character;
                }
            }
            if (!known) {
                offer(start, character, UNKNOWN_TOKEN, unknownScore);
            }
        }

        private void offer(int start, int end, int token, double score) {
            double sum = best[start] + score;
            if (token == UNKNOWN_TOKEN) {
                sum = round(sum);
            }
            // sentencepiece compares the sum before it is rounded with one that was: it decides between equals
            if (startOf[end] == UNREACHED || sum > best[end]) {
                best[end] = round(sum);
                startOf[end] = start;
                tokenOf[end] = token;
            }
        }

        void appendBest(IntList tokens) {
            int[] ends = new int[text.length];
            int count = 0;
            for (int end = text.length; end > 0; end = startOf[end]) {
                ends[count++] = end;
            }
            boolean afterUnknown = false;
            for (int i = count - 1; i >= 0; i--) {
                int token = tokenOf[ends[i]];
                if (token != UNKNOWN_TOKEN) {
                    tokens.add(token);
                } else if (byteFallback) {
                    for (int b = startOf[ends[i]]; b < ends[i]; b++) {
                        tokens.add(tokenOfByte[text[b] & 0xFF]);
                    }
                } else if (!afterUnknown && unknown >= 0) { // one token for a run of unknown characters
                    tokens.add(unknown);
                }
                afterUnknown = token == UNKNOWN_TOKEN;
            }
        }
    }
}
