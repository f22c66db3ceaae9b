package io.plumbline.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Byte-level BPE (Radford et al. 2019): words are split into bytes, which merge by a ranked list of pairs. */
final class ByteLevelBpe implements PieceEncoder {
    private static final int MAX_CACHED_WORDS = 1 << 16;
    private static final int MAX_CACHED_LENGTH = 32;

    private final Vocabulary vocabulary;
    private final PreTokenizer preTokenizer;
    private final MergeTable merges;
    private final boolean wholeWordsFirst;
    private final int[] tokenOfByte = new int[256];

    /** Most words of a text occur again and again; the cache stops growing when it is full. */
    private final Map<String, int[]> cache = new ConcurrentHashMap<>();

    /** @param wholeWordsFirst a word that is a token is not built by merges (Llama 3) */
    ByteLevelBpe(Vocabulary vocabulary, PreTokenizer preTokenizer, MergeTable merges, boolean wholeWordsFirst) {
        this.vocabulary = vocabulary;
        this.preTokenizer = preTokenizer;
        this.merges = merges;
        this.wholeWordsFirst = wholeWordsFirst;
        for (int b = 0; b < tokenOfByte.length; b++) {
            tokenOfByte[b] =
                    vocabulary.id(String.valueOf(ByteAlphabet.character(b))).orElse(-1);
        }
    }

    @Override
    public void encode(String text, IntList tokens) {
        for (String word : preTokenizer.split(text)) {
            int[] known = cache.get(word);
            if (known == null) {
                known = encodeWord(word.getBytes(StandardCharsets.UTF_8));
                if (word.length() <= MAX_CACHED_LENGTH && cache.size() < MAX_CACHED_WORDS) {
                    cache.put(word, known);
                }
            }
            tokens.addAll(known);
        }
    }

    private int[] encodeWord(byte[] word) {
        if (wholeWordsFirst) {
            StringBuilder spelling = new StringBuilder(word.length);
            for (byte b : word) {
                spelling.append(ByteAlphabet.character(b & 0xFF));
            }
            var whole = vocabulary.id(spelling.toString());
            if (whole.isPresent()) {
                return new int[] {whole.getAsInt()};
            }
        }
        int[] symbols = new int[word.length];
        int[] ends = new int[word.length];
        for (int i = 0; i < word.length; i++) {
            symbols[i] = tokenOfByte[word[i] & 0xFF];
            ends[i] = i + 1;
        }
        MergeChain chain = new MergeChain(symbols, ends, (left, right, start, end) -> mergeOf(left, right));
        chain.mergeAll();
        IntList tokens = new IntList();
        for (int symbol = 0; symbol != -1; symbol = chain.next(symbol)) {
            if (chain.token(symbol) >= 0) { // a vocabulary without all 256 bytes drops those it lacks
                tokens.add(chain.token(symbol));
            }
        }
        return tokens.toArray();
    }

    private long mergeOf(int left, int right) {
        if (left < 0 || right < 0) {
            return MergeRule.NO_MERGE;
        }
        int slot = merges.find(left, right);
        return slot < 0 ? MergeRule.NO_MERGE : ((long) merges.rank(slot) << 32) | merges.result(slot);
    }

    @Override
    public byte[] bytes(String spelling, TokenKind kind) {
        return switch (kind) {
            case NORMAL, UNUSED, BYTE -> ByteAlphabet.bytes(spelling);
            case UNKNOWN, CONTROL, USER_DEFINED -> spelling.getBytes(StandardCharsets.UTF_8);
        };
    }
}
