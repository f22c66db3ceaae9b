package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.List;

/** PRC resident identity numbers (GB 11643), also spaced, full-width or in Chinese numerals. */
final class ResidentIdDetector implements Detector {
    private static final int LENGTH = 18;
    private static final int GAP = 2;

    private final ReferenceTable areas = ReferenceTable.shipped("resident-id-areas");

    @Override
    public String id() {
        return "rc:resident-id";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.view(View.DIGITS);
        List<Match> matches = new ArrayList<>();
        for (int start = 0; start + LENGTH <= text.length(); start++) {
            var run = SpacedRun.at(text, start, LENGTH, GAP, " -.·\t\r\n_/");
            if (run.symbols().length() == LENGTH
                    && areas.has(run.symbols().substring(0, 2))
                    && Checksums.residentId(run.symbols(), facts.today())) {
                matches.add(sentence.match(View.DIGITS, start, run.end()));
                start = run.end() - 1;
            }
        }
        return matches;
    }

    @Override
    public int reach() {
        return LENGTH * (GAP + 1) + 1;
    }
}
