package io.plumbline.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/** What a model that knows nothing says: every allowed token is as likely as any other. */
public final class RandomAnswer {
    private static final int PATIENCE = 60;
    private static final int MOST_TOKENS = 1500;

    private RandomAnswer() {}

    /** An answer of the grammar, or empty if it did not end. */
    public static Optional<String> of(CompiledGrammar grammar, Random random) {
        GrammarMatcher matcher = grammar.matcher();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < MOST_TOKENS; i++) {
            if (matcher.isFinal()) {
                return Optional.of(text(bytes));
            }
            int token = draw(matcher.allowed(), grammar.vocabulary(), random, i > PATIENCE);
            if (token == TestVocabularies.END) {
                if (!matcher.isComplete()) {
                    throw new AssertionError("the end was allowed within a text");
                }
                return Optional.of(text(bytes));
            }
            matcher.accept(token);
            bytes.writeBytes(grammar.vocabulary().text(token));
        }
        return Optional.empty();
    }

    /** After some patience, what closes is preferred: a random answer would hardly ever end. */
    private static int draw(long[] allowed, TokenVocabulary vocabulary, Random random, boolean close) {
        int count = 0;
        int chosen = -1;
        for (int token = 0; token < vocabulary.size(); token++) {
            if ((allowed[token >> 6] >>> token & 1) == 0) {
                continue;
            }
            int weight = close && closes(vocabulary.text(token)) ? 1000 : 1;
            count += weight;
            if (random.nextInt(count) < weight) {
                chosen = token;
            }
        }
        return chosen;
    }

    private static boolean closes(byte[] text) {
        return text.length == 0 || (text.length == 1 && "\"}]".indexOf(text[0]) >= 0);
    }

    private static String text(ByteArrayOutputStream bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("a complete answer is whole characters", e);
        }
    }
}
