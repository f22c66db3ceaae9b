package io.plumbline.platform.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.screen.Audience;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.compliance.screen.Screeners;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is held does not depend on the pieces in which the model says it. */
class ScreenedChoiceTest {
    private static final Screener SCREENER = Screeners.standard();
    private static final ScreenContext CONTEXT = new ScreenContext(
            TenantId.of("synthetic"), Set.of("FIN-008", "PRI-001", "LBL-001"), Audience.PUBLIC, Map.of());
    private static final String OPENING = "基金有涨有跌，请先了解自己的风险承受能力，不要急于决定。";
    private static final String TEXT = OPENING + "建议您买入沪深300指数基金。客户证件11010519491231002X已登记😀。";
    private static final String RELEASABLE =
            OPENING + "建议您买入沪深300指数基金。客户证件[REDACTED:resident-id]已登记😀。\n\n（本内容由人工智能生成）";

    /** @param left what left before the end */
    private record Run(String left, ScreenedChoice.Fate fate) {}

    private static Run run(List<String> pieces, Optional<Screened.Message> questionHeld) {
        ScreenedChoice choice = new ScreenedChoice(SCREENER.open(CONTEXT, List.of()), questionHeld, Optional.empty());
        StringBuilder left = new StringBuilder();
        pieces.forEach(piece ->
                left.append(choice.push(new TextDelta(piece, List.of())).text()));
        return new Run(left.toString(), choice.finish());
    }

    private static List<String> cut(Random random) {
        List<String> pieces = new ArrayList<>();
        int most = 1 + random.nextInt(40);
        for (int at = 0; at < TEXT.length(); ) {
            int end = Math.min(TEXT.length(), at + 1 + random.nextInt(most));
            pieces.add(TEXT.substring(at, end));
            at = end;
        }
        return pieces;
    }

    @Test
    void everyChunkingHoldsTheSameText() {
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            Run run = run(cut(random), Optional.empty());
            assertThat(run.left()).isEqualTo(OPENING);
            assertThat(run.fate()).isInstanceOfSatisfying(ScreenedChoice.Fate.Held.class, held -> {
                assertThat(held.generated()).isEqualTo(TEXT);
                assertThat(held.releasable()).isEqualTo(RELEASABLE);
            });
        }
    }

    @Test
    void nothingLeavesOfTheDraftForAHeldQuestion() {
        Screened.Message why = new Screened.Message("须人工审核", "a person decides");
        Random random = new Random(12);
        for (int i = 0; i < 100; i++) {
            Run run = run(cut(random), Optional.of(why));
            assertThat(run.left()).isEmpty();
            assertThat(run.fate()).isEqualTo(new ScreenedChoice.Fate.Held(why, TEXT, RELEASABLE, List.of()));
        }
        assertThat(run(List.of("多喝水，注意休息。"), Optional.of(why)).fate())
                .isEqualTo(new ScreenedChoice.Fate.Held(why, "多喝水，注意休息。", "多喝水，注意休息。\n\n（本内容由人工智能生成）", List.of()));
    }

    @Test
    void whatARuleAddsBehindAnAnswerTakesNoLogProbabilities() {
        assertThat(tokensThatLeave("多喝水，", "注意休息", "。")).containsExactly("多喝水，", "注意休息", "。");
    }

    @Test
    void fromTheFirstMaskedCharacterNoLogProbabilityLeaves() {
        assertThat(tokensThatLeave("客户", "证件1", "1010519491231002X", "已登记", "。"))
                .containsExactly("客户");
    }

    /** The tokens whose log-probabilities leave; each was said by itself. */
    private static List<String> tokensThatLeave(String... tokens) {
        ScreenedChoice choice =
                new ScreenedChoice(SCREENER.open(CONTEXT, List.of()), Optional.empty(), Optional.empty());
        List<String> told = new ArrayList<>();
        for (String token : tokens) {
            var logprob = new TokenLogprob(0, token.getBytes(StandardCharsets.UTF_8), -0.5, List.of());
            told.addAll(spellings(choice.push(new TextDelta(token, List.of(logprob)))));
        }
        assertThat(choice.finish())
                .isInstanceOfSatisfying(
                        ScreenedChoice.Fate.Passed.class, passed -> told.addAll(spellings(passed.rest())));
        return told;
    }

    private static List<String> spellings(ScreenedChoice.Released released) {
        return released.logprobs().stream()
                .map(token -> new String(token.bytes(), StandardCharsets.UTF_8))
                .toList();
    }
}
