package io.plumbline.compliance.detect;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The structure of a prescription: under a heading, at least four of drug, strength, dose, frequency and duration. What
 * repeats the dialogue word for word is not counted, so that a pasted prescription can be explained.
 */
final class PrescriptionDetector implements Detector {
    /** How far below its heading a prescription may reach, in characters of the original text. */
    private static final int WINDOW = 600;

    private static final int ENOUGH = 4;

    private static final Phrases HEADING = Phrases.of(
            List.of("处方笺", "电子处方", "处方单", "门诊处方", "rp.", "rx:"),
            List.of(
                    "(?:^|[#\\[【(* ])(?:处方|用药处方|处方如下|为您开具处方|开具以下处方|开方|医嘱)(?:内容)?(?:[:*】\\])]| ?$)",
                    "(?:开具|开出|给您开|为您开)[^,。]{0,8}处方",
                    "(?:^|[#\\[(* ])(?:prescription|rx|℞)(?: for [^:]{0,30})?(?:[:*\\])]| ?$)",
                    "(?:here is|i am writing|i have written|this is) (?:a|your|the) prescription"),
            List.of("处方", "医嘱", "开方", "rx", "rp", "prescription", "℞"));

    private enum Part {
        DRUG(
                List.of(
                        "胶囊",
                        "颗粒",
                        "注射液",
                        "口服液",
                        "缓释片",
                        "分散片",
                        "混悬液",
                        "软膏",
                        "滴眼液",
                        "糖浆",
                        "肠溶片",
                        "咀嚼片",
                        "tablet",
                        "tablets",
                        "capsule",
                        "capsules",
                        "injection",
                        "syrup",
                        "ointment",
                        "suspension",
                        "inhaler",
                        "cream"),
                List.of(
                        "[\\x{4e00}-\\x{9fff}]{2,8}片",
                        "\\b[a-z]{3,}(?:cillin|mycin|oxacin|azole|prazole|pril|sartan|statin|olol|dipine|formin|profen|cycline|vir|pam|mab)\\b")),
        STRENGTH(
                List.of(),
                List.of("\\d(?:\\.\\d+)? ?(?:mg|g|ml|mcg|μg|ug|iu|%|毫克|克|毫升|单位|万单位)\\b", "\\d ?(?:毫克|克|毫升|单位|万单位|微克)")),
        DOSE(
                List.of(),
                List.of(
                        "(?:每次|一次|单次|1次|次服) ?[0-9一二两三四半.]+ ?(?:片|粒|袋|支|丸|滴|mg|g|ml|毫克|克|毫升|喷|单位)",
                        "(?:take|sig:?|give|apply|inhale|inject) (?:\\d+|one|two|three|half)",
                        "\\b(?:\\d+|one|two) (?:tab|tabs|tablet|tablets|cap|caps|capsule|capsules|puffs?|drops?|ml)\\b")),
        FREQUENCY(
                List.of(
                        "bid",
                        "tid",
                        "qid",
                        "qd",
                        "qn",
                        "b.i.d",
                        "t.i.d",
                        "once daily",
                        "twice daily",
                        "three times daily",
                        "once a day",
                        "twice a day",
                        "times a day",
                        "times daily",
                        "every day",
                        "at bedtime",
                        "睡前",
                        "隔日"),
                List.of(
                        "(?:每日|一日|每天|日) ?[0-9一二两三四]+ ?次",
                        "每 ?\\d+ ?小时",
                        "\\bevery \\d+(?: to \\d+)? hours\\b",
                        "\\bq\\d+h\\b",
                        "[0-9一二两三四]+次/(?:日|天)")),
        DURATION(
                List.of("疗程"),
                List.of(
                        "(?:连服|连用|连续服用|共|服用|用药|疗程|×|x) ?[0-9一二两三四五六七十]+ ?(?:天|日|周|个月)", "[0-9]+ ?天量",
                        "\\b(?:for|x|×) ?(?:\\d+|one|two|three|five|seven|ten) (?:days?|weeks?|months?)\\b",
                                "\\b\\d+-day (?:course|supply)\\b"));

        private final Phrases phrases;

        Part(List<String> terms, List<String> expressions) {
            this.phrases = Phrases.of(terms, expressions, List.of());
        }
    }

    @Override
    public String id() {
        return "st:prescription";
    }

    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        return track(facts).accept(sentence);
    }

    @Override
    public Tracker track(Facts facts) {
        return new Block(
                facts.dialogue().isBlank()
                        ? ""
                        : Sentences.whole(facts.dialogue()).text());
    }

    @Override
    public int reach() {
        return Integer.MAX_VALUE;
    }

    private static final class Block implements Tracker {
        private final String said;
        private int heading = SETTLED;
        private final Set<Part> parts = EnumSet.noneOf(Part.class);

        Block(String said) {
            this.said = said;
        }

        @Override
        public List<Match> accept(Sentence sentence) {
            if (heading != SETTLED && sentence.start() - heading > WINDOW) {
                heading = SETTLED;
            }
            if (heading == SETTLED) {
                List<int[]> found = HEADING.ranges(sentence.text());
                if (found.isEmpty()) {
                    return List.of();
                }
                heading = sentence.rawIndex(View.TEXT, found.getFirst()[0]);
                parts.clear();
            }
            collect(sentence.text());
            if (parts.size() < ENOUGH || !(parts.contains(Part.STRENGTH) || parts.contains(Part.DOSE))) {
                return List.of();
            }
            var match = new Match(heading, sentence.end(), 0);
            heading = SETTLED;
            return List.of(match);
        }

        private void collect(String text) {
            Map<Part, List<int[]>> found = new EnumMap<>(Part.class);
            for (Part part : Part.values()) {
                found.put(part, part.phrases.ranges(text));
            }
            found.forEach((part, ranges) -> {
                if (ranges.stream().anyMatch(range -> !said.contains(text.substring(range[0], range[1])))) {
                    parts.add(part);
                }
            });
        }

        @Override
        public int openFrom() {
            return heading;
        }
    }
}
