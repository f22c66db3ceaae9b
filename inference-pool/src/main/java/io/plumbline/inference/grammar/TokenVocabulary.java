package io.plumbline.inference.grammar;

import io.plumbline.inference.tokenizer.TokenKind;
import io.plumbline.inference.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The tokens of a model as byte strings, laid out for computing masks. Built once per model; thread-safe. */
public final class TokenVocabulary {
    /** Lengths in characters up to which plain tokens are taken as a whole. */
    private static final int[] SLICES = {24, 8, 3};

    private final List<byte[]> texts;
    private final int[] ends;
    private final TokenTrie all;
    private final List<Slice> slices = new ArrayList<>();

    /**
     * The plain tokens of up to some length.
     *
     * @param characters that length
     * @param bits bit by token
     * @param others all other tokens
     */
    record Slice(int characters, long[] bits, TokenTrie others) {}

    /**
     * A vocabulary.
     *
     * @param texts bytes by token; tokens of no bytes never come in a constrained answer
     * @param ends tokens that end an answer
     */
    public TokenVocabulary(List<byte[]> texts, int[] ends) {
        this.texts = List.copyOf(texts);
        this.ends = ends.clone();
        int[] spoken = IntStream.range(0, texts.size())
                .filter(token -> texts.get(token).length > 0)
                .toArray();
        int[] plainLength = texts.stream().mapToInt(PlainText::length).toArray();
        this.all = new TokenTrie(texts, spoken);
        for (int characters : SLICES) {
            long[] bits = new long[words()];
            IntStream.of(spoken)
                    .filter(token -> within(plainLength[token], characters))
                    .forEach(token -> bits[token >> 6] |= 1L << token);
            int[] others = IntStream.of(spoken)
                    .filter(token -> !within(plainLength[token], characters))
                    .toArray();
            slices.add(new Slice(characters, bits, new TokenTrie(texts, others)));
        }
    }

    private static boolean within(int length, int characters) {
        return length >= 0 && length <= characters;
    }

    /** The vocabulary of a tokenizer. Control tokens and reserved ones have no text. */
    public static TokenVocabulary of(Tokenizer tokenizer) {
        return of(tokenizer, Set.of());
    }

    /**
     * The vocabulary of a tokenizer. Control tokens and reserved ones have no text, but for those named.
     *
     * @param spoken control tokens that stand for their spelling
     */
    public static TokenVocabulary of(Tokenizer tokenizer, Set<Integer> spoken) {
        List<byte[]> texts = new ArrayList<>(tokenizer.size());
        for (int token = 0; token < tokenizer.size(); token++) {
            boolean reserved = tokenizer.kind(token) == TokenKind.UNUSED || tokenizer.isEndOfGeneration(token);
            texts.add(reserved ? new byte[0] : tokenizer.bytes(token, spoken.contains(token)));
        }
        int[] ends = IntStream.range(0, tokenizer.size())
                .filter(tokenizer::isEndOfGeneration)
                .toArray();
        return new TokenVocabulary(texts, ends);
    }

    /** Number of tokens. */
    public int size() {
        return texts.size();
    }

    /** Words of a mask. */
    int words() {
        return (texts.size() + 63) / 64;
    }

    byte[] text(int token) {
        return texts.get(token);
    }

    boolean isEnd(int token) {
        return IntStream.of(ends).anyMatch(end -> end == token);
    }

    /**
     * The tokens that may come after a state.
     *
     * @throws InvalidGrammarException if finding out takes too long
     */
    long[] mask(Automaton automaton, PlainReach reach, State state) {
        long[] bits = new long[words()];
        TokenTrie rest = all;
        for (Slice slice : slices) {
            if (reach.takesAll(state, slice.characters())) {
                System.arraycopy(slice.bits(), 0, bits, 0, bits.length);
                rest = slice.others();
                break;
            }
        }
        rest.walk(automaton, state, bits);
        if (state.accepting) {
            for (int end : ends) {
                bits[end >> 6] |= 1L << end;
            }
        }
        return bits;
    }
}
