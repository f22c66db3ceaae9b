package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/** A {@code ContentProducer} of the AIGC label that is no valid producer code. An empty value is a missing field, not a wrong one. */
final class ProducerCodeDetector implements Detector {
    private static final Pattern FIELD = Pattern.compile(
            "(?i)[\"']?ContentProducer[\"']?\\s*[:=]\\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<plain>[^\\s\"',;}]+))");

    @Override
    public String id() {
        return "rc:producer-code";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        List<Match> matches = new ArrayList<>();
        Matcher matcher = FIELD.matcher(sentence.raw());
        while (matcher.find()) {
            String group = matcher.start("quoted") >= 0 ? "quoted" : "plain";
            if (!Checksums.producerCode(matcher.group(group))) {
                int base = sentence.start();
                matches.add(new Match(base + matcher.start(group), base + matcher.end(group), 0));
            }
        }
        return matches;
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
