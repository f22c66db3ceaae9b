package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** A patient whose stated age, or the age computed from a stated birth date, is under six. */
final class YoungPatientDetector implements Detector {
    private static final int YEARS = 6;
    private static final int WINDOW = 14;

    private static final Phrases PATIENT = Phrases.of(
            List.of(
                    "患儿",
                    "患者",
                    "病人",
                    "宝宝",
                    "孩子",
                    "儿子",
                    "女儿",
                    "小孩",
                    "娃",
                    "孙子",
                    "孙女",
                    "外孙",
                    "侄子",
                    "侄女",
                    "外甥",
                    "弟弟",
                    "妹妹",
                    "男孩",
                    "女孩",
                    "男童",
                    "女童",
                    "patient",
                    "son",
                    "daughter",
                    "child",
                    "kid",
                    "baby",
                    "toddler",
                    "infant",
                    "newborn",
                    "grandson",
                    "granddaughter",
                    "nephew",
                    "niece",
                    "little boy",
                    "little girl",
                    "boy",
                    "girl",
                    "she is",
                    "he is"),
            List.of(),
            List.of());
    private static final Phrases AGE = Phrases.of(
            List.of("半岁", "刚满月", "未满月", "新生儿"),
            List.of(
                    "(?:^|[^0-9.十百几多到至-])(?P<hit>(?:[0-5]|[零一二两三四五])(?:周)?岁(?:半|零|多)?)(?:$|[^以及至到~-])",
                    "(?:^|[^0-9.年])(?P<hit>(?:[1-6]?\\d|[一二两三四五六七八九十]{1,3})个?多?月(?:大|龄))",
                    "(?:^|[^0-9.])(?P<hit>\\d{1,2}天大)",
                    "\\b(?:[0-5]|one|two|three|four|five)[ -]years?[ -]old\\b",
                    "\\b(?:[1-6]?\\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen)[ -](?:months?|weeks?|days?)[ -]old\\b",
                    "\\b(?:aged?|age is|age:) ?[0-5]\\b(?:$|[^0-9./-])",
                    "\\b(?:is|turned|just turned) (?:[0-5]|one|two|three|four|five)(?:$|[.,;!?]| now| and )"),
            List.of());
    /** Speaks of age bands, labels and guidelines, not of a patient. */
    private static final Phrases GENERAL = Phrases.of(
            List.of(
                    "以下",
                    "以上",
                    "及以下",
                    "under",
                    "younger than",
                    "older than",
                    "over",
                    "aged between",
                    "age group",
                    "年龄段"),
            List.of(),
            List.of());

    private static final Phrases BIRTH_WORDS =
            Phrases.of(List.of("生", "born", "date of birth", "dob", "birthday"), List.of(), List.of());
    private static final Pattern BIRTH = Pattern.compile("(?:出生|生日|生于|born|date of birth|dob|birthday)[^0-9]{0,12}"
            + "(?P<y>\\d{4})[-/.年 ]{1,2}(?P<m>\\d{1,2})[-/.月 ]{1,2}(?P<d>\\d{1,2})");
    private static final Pattern BIRTH_LAST =
            Pattern.compile("(?P<y>\\d{4})[-/.年](?P<m>\\d{1,2})[-/.月](?P<d>\\d{1,2})日?(?:出生|生,|生的|生$)");

    @Override
    public String id() {
        return "cx:young-patient";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        String text = sentence.text();
        List<Match> matches = new ArrayList<>();
        List<int[]> patients = PATIENT.ranges(text);
        List<int[]> ages = patients.isEmpty() ? List.of() : AGE.ranges(text);
        for (int[] age : ages) {
            String around = text.substring(Math.max(0, age[0] - 12), Math.min(text.length(), age[1] + 4));
            boolean stated =
                    patients.stream().anyMatch(who -> Math.max(age[0], who[0]) - Math.min(age[1], who[1]) <= WINDOW);
            if (stated && !GENERAL.in(around)) {
                matches.add(sentence.match(View.TEXT, age[0], age[1]));
            }
        }
        if (BIRTH_WORDS.in(text)) {
            births(BIRTH, sentence, facts, matches);
            births(BIRTH_LAST, sentence, facts, matches);
        }
        return matches;
    }

    private static void births(Pattern pattern, Sentence sentence, Facts facts, List<Match> matches) {
        Matcher matcher = pattern.matcher(sentence.text());
        while (matcher.find()) {
            try {
                var born = LocalDate.of(
                        Integer.parseInt(matcher.group("y")),
                        Integer.parseInt(matcher.group("m")),
                        Integer.parseInt(matcher.group("d")));
                if (underSix(born, facts.today())) {
                    matches.add(sentence.match(View.TEXT, matcher.start(), matcher.end()));
                }
            } catch (DateTimeException e) {
                continue;
            }
        }
    }

    /** Whether someone born that day has not yet reached the sixth birthday. */
    static boolean underSix(LocalDate born, LocalDate today) {
        return !born.isAfter(today) && born.plusYears(YEARS).isAfter(today);
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }
}
