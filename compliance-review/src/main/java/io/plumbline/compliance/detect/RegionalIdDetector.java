package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Identity cards of Hong Kong, Macau and Taiwan. Macau publishes no check digit algorithm, and a Hong Kong number without
 * its brackets looks like many a part number: these need a word for the document in the same sentence.
 */
final class RegionalIdDetector implements Detector {
    private static final int SHORTEST = 6;

    private static final Pattern HONG_KONG = Pattern.compile("[a-z]{1,2} ?\\d{6} ?(?:\\([\\da]\\)|[\\da])");
    private static final Pattern MACAU = Pattern.compile("[157](?:\\d{6} ?\\(\\d\\)|/\\d{6}/\\d|\\d{7})");
    private static final Pattern TAIWAN = Pattern.compile("[a-z][1289]\\d{8}");
    private static final Phrases HONG_KONG_WORDS = Phrases.of(
            List.of("香港身份证", "身份证", "hkid", "identity card", "identity number", "id card", "id number", "证件号"),
            List.of(),
            List.of());
    private static final Phrases MACAU_WORDS = Phrases.of(
            List.of("澳门身份证", "澳门居民身份证", "澳门居民", "macau id", "macao id", "bir no", "bir number", "澳门永久性居民"),
            List.of("(?:macau|macao|澳门).{0,20}(?:identity|resident|id card|id no|身份|证件)"),
            List.of());

    @Override
    public String id() {
        return "rc:regional-id";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.view(View.DIGITS);
        List<Match> matches = new ArrayList<>();
        if (!SpacedRun.hasDigits(text, SHORTEST)) {
            return matches;
        }
        collect(HONG_KONG, sentence, text, matches, found -> {
            boolean bracketed = found.endsWith(")");
            return Checksums.hongKongId(plain(found)) && (bracketed || HONG_KONG_WORDS.in(sentence.text()));
        });
        collect(TAIWAN, sentence, text, matches, Checksums::taiwanId);
        collect(MACAU, sentence, text, matches, found -> MACAU_WORDS.in(sentence.text()));
        return matches;
    }

    private static String plain(String found) {
        return found.replaceAll("[() ]", "");
    }

    private static void collect(
            Pattern pattern, Sentence sentence, String text, List<Match> matches, Predicate<String> valid) {
        Matcher matcher = pattern.matcher(text);
        for (int from = 0; from < text.length() && matcher.find(from); from = matcher.start() + 1) {
            int start = matcher.start();
            int end = matcher.end();
            boolean alone = (start == 0 || !SpacedRun.alphanumeric(text.charAt(start - 1)))
                    && (end == text.length() || !SpacedRun.alphanumeric(text.charAt(end)));
            if (alone && valid.test(matcher.group())) {
                matches.add(sentence.match(View.DIGITS, start, end));
            }
        }
    }

    /** A word for the document may stand anywhere in the sentence. */
    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
