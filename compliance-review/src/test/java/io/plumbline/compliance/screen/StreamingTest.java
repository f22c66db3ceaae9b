package io.plumbline.compliance.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.RuleCatalogue;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** For every way of cutting an answer, the stream releases what screening the whole answer releases. */
class StreamingTest {
    private static final BundleScreener SCREENER = Screeners.standard(ExampleBank.CLOCK, SpanDigest.ofThisProcess());
    private static final int CHUNKINGS = 10_000;

    /** An answer, what was released of it, in how many steps. */
    private record Run(String released, Screened end) {}

    private static ScreenContext context(String... packs) {
        return new ScreenContext(
                TenantId.of("synthetic"), Set.of(packs), Audience.PUBLIC, Map.of("canary", "PLB-7f3a9c2e-canary"));
    }

    private static Run stream(ScreenContext context, List<String> pieces) {
        StreamScreen stream = SCREENER.open(context, List.of());
        var released = new StringBuilder();
        for (String piece : pieces) {
            released.append(stream.push(piece));
        }
        Screened end = stream.finish();
        return new Run(released.append(end.text()).toString(), end);
    }

    private static List<String> cut(String text, Random random) {
        int most =
                switch (random.nextInt(4)) {
                    case 0 -> 1;
                    case 1 -> 4;
                    case 2 -> 24;
                    default -> 200;
                };
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(most));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** Texts of every rule's examples, strung together so that spans meet sentence ends and each other. */
    private static List<String> texts() {
        Random random = new Random(7);
        List<String> sentences = new ArrayList<>();
        for (CompiledRule rule : RuleCatalogue.shipped().rules()) {
            ExampleBank.of(rule.rule().id().value()).examples().stream()
                    .filter(example -> example.stage() == Stage.OUTPUT)
                    .forEach(example -> sentences.add(example.text()));
        }
        sentences.add("😀👨\u200d👩\u200d👧𠮷野家𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏。");
        sentences.add("e\u0301\u0301\u0301。\u0301 110105 19491231\n002X\r\n\r\nnext");
        sentences.add("a".repeat(300) + " 4111-1111-1111-1111 " + "b c d ".repeat(30));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            var text = new StringBuilder();
            for (int k = random.nextInt(3); k >= 0; k--) {
                text.append(sentences.get(random.nextInt(sentences.size())));
                text.append(List.of("", " ", "\n", "\n\n", "，", "😀").get(random.nextInt(6)));
            }
            texts.add(text.toString());
        }
        return texts;
    }

    @Test
    void tenThousandRandomChunkingsEqualTheWholeText() {
        List<ScreenContext> contexts = List.of(
                context("MED", "CN", "INTL"),
                context("FIN", "CN", "US"),
                context("IND", "CN", "INTL"),
                context("FIN", "INTL"));
        Random random = new Random(42);
        List<String> texts = texts();
        int withheld = 0;
        int held = 0;
        int changed = 0;
        for (int i = 0; i < CHUNKINGS; i++) {
            String text = texts.get(random.nextInt(texts.size()));
            ScreenContext context = contexts.get(random.nextInt(contexts.size()));
            Screened whole = SCREENER.screen(context, Stage.OUTPUT, text);
            Run run = stream(context, cut(text, random));
            assertThat(run.end().action()).as(text).isEqualTo(whole.action());
            assertThat(run.end().verdicts()).as(text).hasSameSizeAs(whole.verdicts());
            assertThat(run.end().releasable()).as(text).isEqualTo(whole.releasable());
            held += whole.held() ? 1 : 0;
            if (whole.withheld()) {
                withheld++;
                assertNothingViolatingLeft(text, whole, run);
            } else {
                changed += whole.text().equals(text) ? 0 : 1;
                assertThat(run.released()).as(text).isEqualTo(whole.text());
            }
        }
        // Guards against a generator that never meets a rule.
        assertThat(withheld).isGreaterThan(CHUNKINGS / 20);
        assertThat(changed).isGreaterThan(CHUNKINGS / 20);
        assertThat(held).isGreaterThan(CHUNKINGS / 100);
    }

    /** What left is the original up to some point before the first span that is blocked or masked, masks applied. */
    private static void assertNothingViolatingLeft(String text, Screened whole, Run run) {
        int first = whole.verdicts().stream()
                .filter(verdict -> verdict.action().withholds() && verdict.start() >= 0)
                .mapToInt(Verdict::start)
                .min()
                .orElse(text.length());
        boolean masks = whole.verdicts().stream().anyMatch(verdict -> verdict.action() == Action.REDACT);
        if (masks) {
            whole.verdicts().stream()
                    .filter(verdict -> verdict.action() == Action.REDACT
                            && verdict.start() >= 0
                            && verdict.end() - verdict.start() > 6)
                    .forEach(verdict -> assertThat(run.released())
                            .as(text)
                            .doesNotContain(text.substring(verdict.start(), verdict.end())));
        } else {
            assertThat(text.substring(0, first)).as(text).startsWith(run.released());
        }
    }

    @Test
    void whatLeavesOfAWithheldAnswerDoesNotDependOnThePieces() {
        String text = "基金有涨有跌，请先了解自己的风险承受能力。指数基金费用较低，适合长期持有。不过我们的产品保本保息，放心买。";
        ScreenContext context = context("FIN", "CN");
        Random random = new Random(3);
        String first = stream(context, List.of(text)).released();
        assertThat(first).isEqualTo("基金有涨有跌，请先了解自己的风险承受能力。指数基金费用较低，适合长期持有。");
        for (int i = 0; i < 200; i++) {
            assertThat(stream(context, cut(text, random)).released()).isEqualTo(first);
        }
    }

    @Test
    void sentencesLeaveAsSoonAsTheyAreJudged() {
        StreamScreen stream = SCREENER.open(context("CN"), List.of());
        String early = stream.push("第一句话已经完整，可以放行。第二句话还在生成当中，还没有说");
        assertThat(early).isEqualTo("第一句话已经完整，可以放行。");
        assertThat(stream.buffers()).isFalse();
    }

    @Test
    void aLongSentenceLeavesWhileItGrowsIfEveryRuleHasABoundedReach() {
        StreamScreen stream = SCREENER.open(context("PRI-007"), List.of());
        String released = stream.push("word ".repeat(2_000));
        assertThat(released.length()).isBetween(8_000, 10_000);
    }

    @Test
    void noticesOfTheInputComeFirst() {
        ScreenContext context = context("MED", "CN");
        Screened input = SCREENER.screen(context, Stage.INPUT, "我突然压榨性胸痛，怎么办？");
        Screened answer = SCREENER.screenAnswer(context, input.notices(), "压榨性胸痛要重视。");
        assertThat(answer.text()).startsWith(input.notices().getFirst().text());
        // The notice gives the emergency advice already, so the rule does not fire again on the answer.
        assertThat(answer.verdicts()).extracting(Verdict::rule).doesNotContain("MED-005@1");
    }

    @Test
    void adviceStandsBeforeTheRedFlagEvenInAStream() {
        String text = "谢谢您的提问。压榨性胸痛可以先休息一下。然后喝点热水。";
        Run run = stream(context("MED-005"), cut(text, new Random(1)));
        assertThat(run.released().indexOf("120"))
                .isPositive()
                .isLessThan(run.released().indexOf("压榨性胸痛"));
    }

    @Test
    void aRequirementMetLaterReleasesWhatWasHeld() {
        String text = "压榨性胸痛很危险。请立即拨打120。";
        Run run = stream(context("MED-005"), cut(text, new Random(1)));
        assertThat(run.released()).isEqualTo(text);
    }
}
