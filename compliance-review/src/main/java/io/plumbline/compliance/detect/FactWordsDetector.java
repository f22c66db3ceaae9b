package io.plumbline.compliance.detect;

import java.util.List;

/**
 * Words that the tenant registered as a fact, such as code names of projects.
 *
 * @param id such as {@code kw:code-names}
 * @param fact name of the comma-separated fact
 */
record FactWordsDetector(String id, String fact) implements Detector {
    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        List<String> words = facts.values(fact);
        if (words.isEmpty()) {
            return List.of();
        }
        return Phrases.of(words, List.of(), List.of()).ranges(sentence.text()).stream()
                .map(range -> sentence.match(View.TEXT, range[0], range[1]))
                .toList();
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
