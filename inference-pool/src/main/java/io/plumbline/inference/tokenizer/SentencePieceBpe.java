package io.plumbline.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * BPE over characters in the manner of SentencePiece (Kudo and Richardson 2018, arXiv 1808.06226): spaces become U+2581,
 * and a character that is no token is spelled by byte tokens.
 */
final class SentencePieceBpe implements PieceEncoder {
    private static final char SPACE_MARK = '\u2581';

    private final Vocabulary vocabulary;
    private final MergeRuleOf merges;
    private final int unknown;
    private final int[] tokenOfByte = new int[256];

    /** Makes the rule for one text. */
    @FunctionalInterface
    interface MergeRuleOf {
        MergeRule forText(String text);
    }

    /** @param unknown token for what cannot be expressed at all, or -1 to drop it */
    SentencePieceBpe(Vocabulary vocabulary, MergeRuleOf merges, int unknown) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.unknown = unknown;
        for (int b = 0; b < tokenOfByte.length; b++) {
            tokenOfByte[b] = vocabulary.id(byteSpelling(b)).orElse(-1);
        }
    }

    static String byteSpelling(int b) {
        return String.format(Locale.ROOT, "<0x%02X>", b);
    }

    /**
     * Two symbols merge if together they are a token; the higher its score, the earlier.
     *
     * @param scores score per token
     */
    static MergeRuleOf byScores(Vocabulary vocabulary, float[] scores) {
        int[] ranks = ranks(scores);
        int longest = vocabulary.spellings().longest(); // in bytes, and no text has more characters
        return text -> (left, right, start, end) -> {
            if (end - start > longest) {
                return MergeRule.NO_MERGE;
            }
            var token = vocabulary.id(text.substring(start, end));
            return token.isEmpty() ? MergeRule.NO_MERGE : ((long) ranks[token.getAsInt()] << 32) | token.getAsInt();
        };
    }

    /** Two symbols merge if the table says so. */
    static MergeRuleOf byTable(MergeTable table) {
        return text -> (left, right, start, end) -> {
            int slot = left < 0 || right < 0 ? -1 : table.find(left, right);
            return slot < 0 ? MergeRule.NO_MERGE : ((long) table.rank(slot) << 32) | table.result(slot);
        };
    }

    /** Position of every score in descending order; equal scores share theirs. */
    private static int[] ranks(float[] scores) {
        float[] ascending = scores.clone();
        Arrays.sort(ascending);
        int[] ranks = new int[scores.length];
        for (int token = 0; token < scores.length; token++) {
            int low = 0;
            int high = ascending.length;
            while (low < high) { // first position above the score
                int middle = (low + high) >>> 1;
                if (Float.compare(ascending[middle], scores[token]) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            ranks[token] = ascending.length - low;
        }
        return ranks;
    }

    @Override
    public void encode(String raw, IntList tokens) {
        if (raw.isEmpty()) {
            return;
        }
        String text = raw.replace(' ', SPACE_MARK);
        int count = text.codePointCount(0, text.length());
        int[] symbols = new int[count];
        int[] ends = new int[count];
        int position = 0;
        for (int i = 0; i < count; i++) {
            int end = text.offsetByCodePoints(position, 1);
            symbols[i] = vocabulary.id(text.substring(position, end)).orElse(-1);
            ends[i] = end;
            position = end;
        }
        MergeChain chain = new MergeChain(symbols, ends, merges.forText(text));
        chain.mergeAll();
        for (int symbol = 0; symbol != -1; symbol = chain.next(symbol)) {
            if (chain.token(symbol) >= 0) {
                tokens.add(chain.token(symbol));
            } else {
                spell(text.substring(chain.start(symbol), chain.end(symbol)), tokens);
            }
        }
    }

    private void spell(String character, IntList tokens) {
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            int token = tokenOfByte[b & 0xFF];
            if (token >= 0 || unknown >= 0) {
                tokens.add(token >= 0 ? token : unknown);
            }
        }
    }

    @Override
    public byte[] bytes(String spelling, TokenKind kind) {
        return switch (kind) {
            case NORMAL, UNUSED -> spelling.replace(SPACE_MARK, ' ').getBytes(StandardCharsets.UTF_8);
            case UNKNOWN, CONTROL, USER_DEFINED -> spelling.getBytes(StandardCharsets.UTF_8);
            case BYTE -> byteOf(spelling);
        };
    }

    /** The byte that a byte token stands for; its spelling if it is spelled otherwise. */
    static byte[] byteOf(String spelling) {
        if (spelling.matches("<0x[0-9A-Fa-f]{2}>")) {
            return new byte[] {(byte) Integer.parseInt(spelling, 3, 5, 16)};
        }
        return spelling.getBytes(StandardCharsets.UTF_8);
    }
}
