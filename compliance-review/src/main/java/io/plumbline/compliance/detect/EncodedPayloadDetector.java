package io.plumbline.compliance.detect;

import java.util.List;

/** Runs that hide a readable text; whether that text breaks a rule is for the caller to decide. */
final class EncodedPayloadDetector implements Detector {
    @Override
    public String id() {
        return "rx:encoded-payload";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        return EncodedRuns.in(sentence).stream().map(Decoded::source).distinct().toList();
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
