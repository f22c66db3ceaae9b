package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Payment card numbers: a known issuer prefix, a length in use and Luhn; single spaces or dashes allowed. */
final class PaymentCardDetector implements Detector {
    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;

    /** An issuer's range of prefixes, all of one length, and the card lengths it uses. */
    private record Issuer(int from, int to, int digits, List<Integer> lengths) {
        static Issuer of(Map.Entry<String, ReferenceTable.Row> row) {
            String[] range = row.getKey().split("-");
            List<Integer> lengths = Arrays.stream(row.getValue().value().split(" "))
                    .map(Integer::valueOf)
                    .toList();
            return new Issuer(
                    Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1]), range[0].length(), lengths);
        }

        boolean issued(String number) {
            int prefix = Integer.parseInt(number.substring(0, digits));
            return prefix >= from && prefix <= to && lengths.contains(number.length());
        }
    }

    private final List<Issuer> issuers = ReferenceTable.shipped("card-issuers").rows().entrySet().stream()
            .map(Issuer::of)
            .toList();

    @Override
    public String id() {
        return "rc:payment-card";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.view(View.DIGITS);
        List<Match> matches = new ArrayList<>();
        for (int start = 0; start + SHORTEST <= text.length(); start++) {
            int end = cardEnd(text, start);
            if (end > 0) {
                matches.add(sentence.match(View.DIGITS, start, end));
                start = end - 1;
            }
        }
        return matches;
    }

    /** Index after the longest card number that begins here; 0 if none does. */
    private int cardEnd(String text, int start) {
        if (!SpacedRun.digit(text.charAt(start)) || (start > 0 && SpacedRun.alphanumeric(text.charAt(start - 1)))) {
            return 0;
        }
        var number = new StringBuilder(LONGEST);
        int best = 0;
        for (int at = start; at < text.length() && number.length() < LONGEST; at++) {
            char c = text.charAt(at);
            if (SpacedRun.digit(c)) {
                number.append(c);
                boolean groupEnds = at + 1 == text.length() || !SpacedRun.alphanumeric(text.charAt(at + 1));
                if (groupEnds && number.length() >= SHORTEST && card(number.toString())) {
                    best = at + 1;
                }
            } else if ((c != ' ' && c != '-') || !SpacedRun.digit(text.charAt(at - 1))) {
                break;
            }
        }
        return best;
    }

    private boolean card(String number) {
        return issuers.stream().anyMatch(issuer -> issuer.issued(number)) && Checksums.luhn(number);
    }

    @Override
    public int reach() {
        return LONGEST * 2 + 2;
    }
}
