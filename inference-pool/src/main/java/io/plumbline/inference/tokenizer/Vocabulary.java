package io.plumbline.inference.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/**
 * Tokens by id, as the model file spells them (byte-level vocabularies spell bytes as printable characters).
 *
 * @param spellings spelling by id
 * @param kinds kind by id
 */
record Vocabulary(Spellings spellings, TokenKind[] kinds) {
    Vocabulary {
        if (spellings.size() != kinds.length) {
            throw new IllegalArgumentException("%d tokens but %d kinds".formatted(spellings.size(), kinds.length));
        }
    }

    static Vocabulary of(List<String> texts, TokenKind[] kinds) {
        return new Vocabulary(Spellings.of(texts), kinds);
    }

    int size() {
        return kinds.length;
    }

    String text(int id) {
        return spellings.text(id);
    }

    TokenKind kind(int id) {
        return kinds[id];
    }

    /** The token spelled like that; the first where two are spelled alike. */
    OptionalInt id(String text) {
        int id = spellings.find(text);
        return id == Spellings.NONE ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
