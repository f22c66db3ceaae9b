package io.plumbline.inference.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Set;

/** A model's tokenizer; unchangeable and safe for any number of threads. */
public final class Tokenizer {
    /** Control tokens that end an answer in the chat formats of the supported families, whatever the file's EOS is. */
    private static final Set<String> ENDS = Set.of(
            "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|end|>", "<end_of_turn>");

    private final Vocabulary vocabulary;
    private final PieceEncoder encoder;
    private final SpecialTokens specialTokens;
    private final Framing framing;
    private final BitSet endOfGeneration = new BitSet();

    /**
     * What surrounds a text.
     *
     * @param bos begin of text, if the model has one
     * @param eos end of text, if the model has one
     * @param addBos whether the model wants BOS in front of a text
     * @param addEos whether the model wants EOS behind a text
     * @param spacePrefix whether text gets a space in front, at the beginning and after a special token
     */
    record Framing(OptionalInt bos, OptionalInt eos, boolean addBos, boolean addEos, boolean spacePrefix) {}

    Tokenizer(Vocabulary vocabulary, PieceEncoder encoder, Framing framing) {
        this.vocabulary = vocabulary;
        this.encoder = encoder;
        this.framing = framing;
        this.specialTokens = new SpecialTokens(vocabulary, !encoder.findsUserDefined());
        framing.eos().ifPresent(endOfGeneration::set);
        for (String end : ENDS) {
            vocabulary.id(end).stream()
                    .filter(id -> vocabulary.kind(id) != TokenKind.NORMAL)
                    .forEach(endOfGeneration::set);
        }
    }

    /**
     * Text to tokens.
     *
     * @param parseSpecial whether the spelling of a control token in the text becomes that token; only for text that
     *     comes from a chat template, never for a user's words
     * @param addSpecial whether BOS and EOS are added where the model asks for them
     */
    public int[] encode(String text, boolean parseSpecial, boolean addSpecial) {
        IntList tokens = new IntList();
        if (addSpecial && framing.addBos()) {
            framing.bos().ifPresent(tokens::add);
        }
        boolean[] afterSpecial = {true};
        specialTokens.split(
                text,
                parseSpecial,
                plain -> {
                    boolean space = framing.spacePrefix() && afterSpecial[0] && !encoder.normalises();
                    encoder.encode(space ? " " + plain : plain, tokens);
                    afterSpecial[0] = false;
                },
                token -> {
                    tokens.add(token);
                    afterSpecial[0] = true;
                });
        if (addSpecial && framing.addEos()) {
            framing.eos().ifPresent(tokens::add);
        }
        return tokens.toArray();
    }

    /**
     * The bytes a token stands for; they need not be whole characters.
     *
     * @param showSpecial whether control tokens show their spelling instead of nothing
     * @throws IndexOutOfBoundsException if there is no such token
     */
    public byte[] bytes(int token, boolean showSpecial) {
        TokenKind kind = vocabulary.kind(token);
        if (kind.isSpecial() && !showSpecial) {
            return new byte[0];
        }
        return encoder.bytes(vocabulary.text(token), kind);
    }

    /** The bytes of a sequence of tokens, without the space that the tokenizer itself puts in front of a text. */
    public byte[] decodeToBytes(int[] tokens, boolean showSpecial) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean start = true;
        for (int token : tokens) {
            byte[] piece = bytes(token, showSpecial);
            boolean special = vocabulary.kind(token).isSpecial();
            int skip = framing.spacePrefix() && start && !special && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
            bytes.write(piece, skip, piece.length - skip);
            start = start && special;
        }
        return bytes.toByteArray();
    }

    /** Tokens to text; bytes that are no UTF-8 come out as U+FFFD. */
    public String decode(int[] tokens, boolean showSpecial) {
        return new String(decodeToBytes(tokens, showSpecial), StandardCharsets.UTF_8);
    }

    /** A decoder for tokens that come one by one. */
    public StreamingDecoder streamingDecoder(boolean showSpecial) {
        return new StreamingDecoder(token -> bytes(token, showSpecial));
    }

    /** Number of tokens. */
    public int size() {
        return vocabulary.size();
    }

    /** The token spelled like that in the model file. */
    public OptionalInt id(String spelling) {
        return vocabulary.id(spelling);
    }

    /** A token as the model file spells it. */
    public String spelling(int token) {
        return vocabulary.text(token);
    }

    public TokenKind kind(int token) {
        return vocabulary.kind(token);
    }

    /** Begin of text. */
    public OptionalInt bos() {
        return framing.bos();
    }

    /** End of text. */
    public OptionalInt eos() {
        return framing.eos();
    }

    /** Whether generation stops at this token: the end of a text or of a turn. */
    public boolean isEndOfGeneration(int token) {
        return endOfGeneration.get(token);
    }
}
