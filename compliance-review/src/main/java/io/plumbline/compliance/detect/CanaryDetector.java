package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.List;

/** The marker planted in the system prompt (fact {@code canary}), plain, spaced out or encoded. */
final class CanaryDetector implements Detector {
    /** Below this many letters and digits a marker would match by chance once separators are gone. */
    private static final int SHORTEST = 8;

    @Override
    public String id() {
        return "rx:canary";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        List<Match> matches = new ArrayList<>();
        for (String canary : facts.values("canary")) {
            var wanted = Letters.of(Sentences.whole(canary).view(View.DIGITS));
            if (wanted.text().length() < SHORTEST) {
                throw new IllegalStateException("the canary needs at least %d letters or digits".formatted(SHORTEST));
            }
            plain(sentence, wanted.text(), matches);
            for (Decoded decoded : EncodedRuns.in(sentence)) {
                String hidden = Letters.of(Sentences.whole(decoded.text()).view(View.DIGITS))
                        .text();
                if (hidden.contains(wanted.text())) {
                    matches.add(decoded.source());
                }
            }
        }
        return matches;
    }

    private static void plain(Sentence sentence, String wanted, List<Match> matches) {
        var letters = Letters.of(sentence.view(View.DIGITS));
        for (int at = letters.text().indexOf(wanted);
                at >= 0;
                at = letters.text().indexOf(wanted, at + 1)) {
            int start = letters.indices()[at];
            int end = letters.indices()[at + wanted.length() - 1] + 1;
            matches.add(sentence.match(View.DIGITS, start, end));
        }
    }

    /** Letters and digits alone; {@code indices} (text length) are their places in the source. */
    private record Letters(String text, int[] indices) {
        static Letters of(String source) {
            var text = new StringBuilder();
            int[] indices = new int[source.length()];
            for (int i = 0; i < source.length(); i++) {
                if (Character.isLetterOrDigit(source.charAt(i))) {
                    indices[text.length()] = i;
                    text.append(source.charAt(i));
                }
            }
            return new Letters(text.toString(), indices);
        }
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
