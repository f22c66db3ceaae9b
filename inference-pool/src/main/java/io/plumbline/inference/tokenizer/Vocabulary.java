package io.plumbline.inference.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Tokens by id, as the model file spells them (byte-level vocabularies spell bytes as printable characters).
 *
 * @param texts spelling by id
 * @param kinds kind by id
 * @param idOf id by spelling; the first where two are spelled alike
 */
record Vocabulary(List<String> texts, TokenKind[] kinds, Map<String, Integer> idOf) {
    static Vocabulary of(List<String> texts, TokenKind[] kinds) {
        if (texts.size() != kinds.length) {
            throw new IllegalArgumentException("%d tokens but %d kinds".formatted(texts.size(), kinds.length));
        }
        Map<String, Integer> idOf = HashMap.newHashMap(texts.size());
        for (int id = 0; id < texts.size(); id++) {
            idOf.putIfAbsent(texts.get(id), id);
        }
        return new Vocabulary(List.copyOf(texts), kinds, idOf);
    }

    int size() {
        return kinds.length;
    }

    OptionalInt id(String text) {
        Integer id = idOf.get(text);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
