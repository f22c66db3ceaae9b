package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Rewrite.Place;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.toolcall.ToolCallFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Programs read these answers: words stand beside them, and masks leave JSON well-formed. */
class AnswersInAFormTest {
    private static final BundleScreener SCREENER = Screeners.standard(ExampleBank.CLOCK, SpanDigest.ofThisProcess());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CARD = "4111111111111111";
    private static final String ID = "11010519491231002X";
    private static final String LABEL_ZH = "（本内容由人工智能生成）";

    private static ScreenContext context(String... packs) {
        return new ScreenContext(TenantId.of("synthetic"), Set.of(packs), Audience.PUBLIC, Map.of());
    }

    /** What leaves of an answer, with its end. */
    private record Run(String text, Screened end) {
        List<String> notices() {
            return end.notices().stream().map(Notice::text).toList();
        }
    }

    private static Run stream(ScreenContext context, List<Notice> given, TextForm form, List<String> pieces) {
        StreamScreen stream = SCREENER.open(context, given, form);
        StringBuilder released = new StringBuilder();
        pieces.forEach(piece -> released.append(stream.push(piece)));
        Screened end = stream.finish();
        return new Run(released + end.text(), end);
    }

    private static Run stream(ScreenContext context, TextForm form, String text) {
        return stream(
                context,
                List.of(),
                form,
                text.codePoints().mapToObj(Character::toString).toList());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.reader()
                    .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void theLabelStandsBesideJsonAndVerbatimTexts() {
        for (TextForm form : List.of(TextForm.JSON, TextForm.VERBATIM)) {
            String text = form == TextForm.JSON ? "{\"city\": \"北京\"}" : "yes";
            Run run = stream(context("LBL-001"), form, text);
            assertThat(run.text()).isEqualTo(text);
            assertThat(run.end().notices()).singleElement().satisfies(notice -> {
                assertThat(notice.rule()).isEqualTo("LBL-001@1");
                assertThat(notice.place()).isEqualTo(Place.AFTER);
                assertThat(notice.text()).contains("生成");
            });
            assertThat(run.end().verdicts()).extracting(Verdict::rule).containsExactly("LBL-001@1");
        }
        assertThat(stream(context("LBL-001"), TextForm.PROSE, "北京。").text()).isEqualTo("北京。\n\n" + LABEL_ZH);
    }

    @Test
    void theLabelIsAnnouncedBeforeTheAnswerBegins() {
        ScreenContext context = context("LBL-001", "MED-005");
        Notice notice = new Notice("MED-005@1", Place.BEFORE, "Call an ambulance.");
        assertThat(SCREENER.open(context, List.of(notice), TextForm.JSON).announced())
                .containsExactly("MED-005@1", "LBL-001@1");
        assertThat(SCREENER.open(context, List.of(notice), TextForm.PROSE).announced())
                .isEmpty();
        assertThat(SCREENER.open(context(), List.of(), TextForm.JSON).announced())
                .isEmpty();
    }

    @Test
    void noticesOfTheQuestionAndAdviceBeforeAnAnswerStandBesideIt() {
        ScreenContext context = context("MED-005", "LBL-001");
        Screened question = SCREENER.screen(context, Stage.INPUT, "我突然压榨性胸痛，怎么办？");
        String text = "{\"advice\": \"先休息\"}";
        Run run = stream(context, question.notices(), TextForm.JSON, List.of(text));
        assertThat(run.text()).isEqualTo(text);
        assertThat(run.end().notices()).extracting(Notice::rule).containsExactly("MED-005@1", "LBL-001@1");

        Run advised = stream(context, TextForm.JSON, "{\"note\": \"压榨性胸痛可以先休息一下。然后喝点热水。\"}");
        json(advised.text());
        assertThat(advised.end().notices()).extracting(Notice::place).containsExactly(Place.BEFORE, Place.AFTER);
    }

    @Test
    void anAnswerThatMayCallToolsIsProseUntilItCalls() {
        ScreenContext context = context("LBL-001");
        Notice notice = new Notice("MED-005@1", Place.BEFORE, "Call an ambulance.");
        String call = ToolCallFormat.written("find", "{\"name\": \"Ada\"}");
        List<Notice> given = List.of(notice);

        Run words = stream(context, given, TextForm.CALLS, List.of("It is ", "a warm day in the city."));
        assertThat(words.text())
                .isEqualTo("Call an ambulance.\n\nIt is a warm day in the city.\n\n(AI-generated content / 本内容由AI生成)");
        assertThat(words.notices()).isEmpty();

        Run both = stream(context, given, TextForm.CALLS, List.of("Wait.\n" + call));
        assertThat(both.text()).isEqualTo("Call an ambulance.\n\nWait.\n" + call);
        assertThat(both.notices()).containsExactly("(AI-generated content / 本内容由AI生成)");

        for (List<String> pieces : List.of(
                List.of(call), call.codePoints().mapToObj(Character::toString).toList())) {
            Run alone = stream(context, given, TextForm.CALLS, pieces);
            assertThat(alone.text()).isEqualTo(call);
            assertThat(alone.notices()).containsExactly("Call an ambulance.", "(AI-generated content / 本内容由AI生成)");
        }
    }

    @Test
    void masksStayInTheirStrings() {
        ScreenContext context = context("PRI-001", "PRI-005", "PRI-006", "PRI-007");
        // An escape in front must not lose its letter to the mask; numbers become strings; keys stay keys.
        String text = "{\"mail\": \"write to:\\nann.lee@example.org\\t!\", \"card\": " + CARD + ", \"" + ID
                + "\": [true, \"" + ID + "\"]}";
        Run run = stream(context, TextForm.JSON, text);
        JsonNode read = json(run.text());
        assertThat(read.path("mail").textValue()).isEqualTo("write to:\n[REDACTED:email]\t!");
        assertThat(read.path("card").textValue()).isEqualTo("[REDACTED:payment-card]");
        assertThat(read.path("[REDACTED:resident-id]").path(1).textValue()).isEqualTo("[REDACTED:resident-id]");
        assertThat(read.path("[REDACTED:resident-id]").path(0).booleanValue()).isTrue();
    }

    /** Whoever parses the answer reads the number, so the rules must. */
    @Test
    void escapesHideNothing() throws JsonProcessingException {
        ScreenContext context = context("PRI-001");
        StringBuilder escaped = new StringBuilder("{\"id\": \"编号");
        ID.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
        escaped.append("\\ud83d\\ude00\"}");
        Run run = stream(context, TextForm.JSON, escaped.toString());
        assertThat(json(run.text()).path("id").textValue()).isEqualTo("编号[REDACTED:resident-id]😀");
        assertThat(run.end().verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.normalisationPath()).contains("json-escape");
            assertThat(JSON.readTree("\"" + escaped.substring(verdict.start(), verdict.end()) + "\"")
                            .textValue())
                    .isEqualTo(ID);
        });
        assertThat(stream(context, TextForm.PROSE, escaped.toString()).text()).isEqualTo(escaped.toString());
    }

    @Test
    void argumentsOfCallsAreJsonToo() {
        String secret = "{\"note\": \"line\\n" + ID + "\", \"number\": " + CARD + "}";
        Run run = stream(
                context("PRI-001", "PRI-007"), TextForm.CALLS, "I look.\n" + ToolCallFormat.written("find", secret));
        assertThat(run.text())
                .isEqualTo(
                        "I look.\n"
                                + ToolCallFormat.written(
                                        "find",
                                        "{\"note\": \"line\\n[REDACTED:resident-id]\", \"number\": \"[REDACTED:payment-card]\"}"));
    }

    @Test
    void whatAPersonMayReleaseIsWellFormedToo() {
        ScreenContext context = context("FIN-008", "PRI-001", "LBL-001");
        Run run = stream(context, TextForm.JSON, "{\"advice\": \"建议您买入沪深300指数基金。\", \"id\": \"" + ID + "\"}");
        assertThat(run.end().held()).isTrue();
        assertThat(json(run.end().releasable().orElseThrow()).path("id").textValue())
                .isEqualTo("[REDACTED:resident-id]");
        assertThat(run.notices()).containsExactly(LABEL_ZH);
    }

    /** Random documents full of what rules mask, in random pieces: whatever leaves is JSON of the same structure. */
    @Test
    void everyDocumentStaysWellFormedHoweverItIsCut() throws JsonProcessingException {
        ScreenContext context = context("PRI-001", "PRI-005", "PRI-006", "PRI-007", "LBL-001");
        Random random = new Random(5);
        int masked = 0;
        for (int i = 0; i < 1_500; i++) {
            JsonNode document = document(random, 3);
            String text = random.nextBoolean() ? JSON.writeValueAsString(document) : spaced(document, random);
            Screened whole = SCREENER.screen(context, Stage.OUTPUT, TextForm.JSON, text);
            Run run = stream(context, List.of(), TextForm.JSON, cut(text, random));
            assertThat(run.end().action()).as(text).isEqualTo(whole.action());
            assertThat(run.end().notices()).isEqualTo(whole.notices());
            assertThat(run.end().releasable()).as(text).isEqualTo(whole.releasable());
            if (whole.withheld()) {
                whole.releasable().ifPresent(AnswersInAFormTest::json);
                continue;
            }
            assertThat(run.text()).as(text).isEqualTo(whole.text());
            // Masked names may coincide, so members are not counted.
            assertThat(json(run.text()).isContainerNode()).as(text).isEqualTo(document.isContainerNode());
            boolean redacted = whole.verdicts().stream().anyMatch(verdict -> verdict.action() == Action.REDACT);
            masked += redacted ? 1 : 0;
            if (!redacted) {
                assertThat(run.text()).isEqualTo(text);
            }
        }
        assertThat(masked).isGreaterThan(300);
    }

    private static JsonNode document(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            ArrayNode array = JSON.createArrayNode();
            for (int i = random.nextInt(4); i >= 0; i--) {
                array.add(document(random, depth - 1));
            }
            return array;
        }
        if (depth > 0 && random.nextBoolean()) {
            ObjectNode object = JSON.createObjectNode();
            for (int i = random.nextInt(4); i >= 0; i--) {
                object.set(i + words(random), document(random, depth - 1));
            }
            return object;
        }
        return switch (random.nextInt(4)) {
            case 0 -> JSON.getNodeFactory().numberNode(random.nextBoolean() ? Long.parseLong(CARD) : random.nextInt());
            case 1 -> JSON.getNodeFactory().booleanNode(true);
            default -> JSON.getNodeFactory().textNode(words(random));
        };
    }

    private static String words(Random random) {
        List<String> parts = List.of(
                "a",
                " ",
                "\n",
                "\\",
                "\"",
                "。",
                "号码",
                ID,
                CARD,
                "+1 212-555-0143",
                "ann@example.org",
                "{",
                "]",
                "😀",
                "é",
                ": ",
                ", ",
                "1",
                "\t");
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    /** The document with blanks, and with some characters escaped that need not be. */
    private static String spaced(JsonNode document, Random random) throws JsonProcessingException {
        StringBuilder text = new StringBuilder();
        boolean string = false;
        String compact = JSON.writeValueAsString(document);
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            if (c == '\\') {
                text.append(c).append(compact.charAt(++i));
            } else if (c == '"') {
                string = !string;
                text.append(c);
            } else if (string && random.nextInt(4) == 0) {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c).append(!string && (c == ',' || c == ':') ? " " : "");
            }
        }
        return text.toString();
    }

    private static List<String> cut(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int most = 1 + random.nextInt(60);
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(most));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
