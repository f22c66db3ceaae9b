package io.plumbline.compliance.detect;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * Landline and fax numbers of mainland China and North America in their usual spelling, and international numbers, checked
 * against the numbering plans of libphonenumber. Free-phone and shared-cost numbers belong to organisations and pass, as do
 * the tenant's own (fact {@code own_numbers}).
 */
final class PhoneDetector implements Detector {
    private static final int SHORTEST = 7;

    /** How numbers of a region are written; {@code ZZ} = with their country code. */
    private record Plan(String region, Pattern spelling) {}

    private static final List<Plan> PLANS = List.of(
            new Plan("ZZ", Pattern.compile("(?:\\+|\\b00)[1-9]\\d{0,2}(?:[ ().-]{0,2}\\d){6,13}")),
            new Plan("CN", Pattern.compile("\\(?\\b0\\d{2,3}\\)?[ -]?[2-8]\\d{6,7}")),
            new Plan("US", Pattern.compile("(?:\\b1[ .-])?\\(?\\b[2-9]\\d{2}(?:\\) ?|[ .-])[2-9]\\d{2}[ .-]\\d{4}")));

    private final PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();

    @Override
    public String id() {
        return "rc:phone";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        List<Match> matches = new ArrayList<>();
        if (!SpacedRun.hasDigits(sentence.view(View.DIGITS), SHORTEST)) {
            return matches;
        }
        for (Plan plan : PLANS) {
            find(plan, sentence, facts).stream()
                    .filter(match -> matches.stream()
                            .noneMatch(other -> match.start() < other.end() && other.start() < match.end()))
                    .toList()
                    .forEach(matches::add);
        }
        return matches;
    }

    private List<Match> find(Plan plan, Sentence sentence, Facts facts) {
        String text = sentence.view(View.DIGITS);
        List<Match> matches = new ArrayList<>();
        Matcher matcher = plan.spelling().matcher(text);
        while (matcher.find()) {
            boolean alone = alone(text, matcher.start(), matcher.end());
            if (alone && personal(matcher.group(), plan.region(), facts)) {
                matches.add(sentence.match(View.DIGITS, matcher.start(), matcher.end()));
            }
        }
        return matches;
    }

    private static boolean alone(String text, int start, int end) {
        boolean before = start == 0
                || !(SpacedRun.alphanumeric(text.charAt(start - 1)) || "-./+_#".indexOf(text.charAt(start - 1)) >= 0);
        boolean after = end == text.length()
                || !(SpacedRun.alphanumeric(text.charAt(end))
                        || (end + 1 < text.length()
                                && "-./".indexOf(text.charAt(end)) >= 0
                                && text.charAt(end + 1) >= '0'
                                && text.charAt(end + 1) <= '9'
                                && !extension(text, end)));
        return before && after;
    }

    /** A dash and up to five digits after a landline number is an extension. */
    private static boolean extension(String text, int at) {
        int digits = at + 1;
        while (digits < text.length() && SpacedRun.digit(text.charAt(digits))) {
            digits++;
        }
        return text.charAt(at) == '-' && digits - at - 1 <= 5;
    }

    private boolean personal(String written, String region, Facts facts) {
        try {
            String dialled = written.startsWith("00") ? "+" + written.substring(2) : written;
            PhoneNumber number = numbers.parse(dialled, region);
            if (!numbers.isValidNumber(number) || own(number, facts)) {
                return false;
            }
            PhoneNumberType type = numbers.getNumberType(number);
            boolean fixed = type == PhoneNumberType.FIXED_LINE || type == PhoneNumberType.FIXED_LINE_OR_MOBILE;
            boolean organisation = type == PhoneNumberType.TOLL_FREE
                    || type == PhoneNumberType.SHARED_COST
                    || type == PhoneNumberType.PREMIUM_RATE
                    || type == PhoneNumberType.UAN;
            return region.equals("ZZ") ? !organisation : fixed;
        } catch (NumberParseException e) {
            return false;
        }
    }

    private boolean own(PhoneNumber number, Facts facts) {
        return facts.values("own_numbers").stream().anyMatch(own -> {
            var match = numbers.isNumberMatch(number, own);
            return match == PhoneNumberUtil.MatchType.EXACT_MATCH
                    || match == PhoneNumberUtil.MatchType.NSN_MATCH
                    || match == PhoneNumberUtil.MatchType.SHORT_NSN_MATCH;
        });
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
