package io.plumbline.compliance.detect;

import java.util.List;

/**
 * Keywords ({@code kw}), expressions ({@code rx}) and present structures ({@code st}) as data.
 *
 * @param id such as {@code kw:rigid-redemption}
 */
public record PhraseDetector(String id, View view, Phrases phrases) implements Detector {
    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        return phrases.ranges(sentence.view(view)).stream()
                .map(range -> sentence.match(view, range[0], range[1]))
                .toList();
    }

    @Override
    public int reach() {
        return phrases.reach();
    }
}
