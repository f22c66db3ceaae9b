package io.plumbline.console.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.review.CallerLanguage;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CaseOrigin;
import io.plumbline.compliance.review.CaseState;
import io.plumbline.compliance.review.Lease;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.OutputConstraint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Lease MINE = new Lease(7, "me", NOON);
    private static final Lease RENEWED = new Lease(7, "me", NOON.plusSeconds(60));
    private static final Lease THEIRS = new Lease(8, "colleague", NOON);

    private static ReviewCase now(CaseState state, Optional<Lease> lease) {
        return new ReviewCase(
                CaseId.create(),
                TenantId.of("hospital"),
                state,
                ReviewLevel.FIRST,
                1,
                new CaseOrigin("chatcmpl-1", "m", Optional.empty(), "someone", CallerLanguage.EN, "x"),
                List.of(),
                List.of(),
                List.of(),
                OutputConstraint.free(),
                NOON,
                NOON,
                lease,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void whoWorksGoesOnWithTheRenewedLease() {
        assertThat(new Standing.Working(MINE).after(now(CaseState.CLAIMED, Optional.of(RENEWED))))
                .isEqualTo(new Standing.Working(RENEWED));
    }

    @Test
    void aLeaseThatEndedOrWasTakenOverIsLostWithTheTokenThatDraftsGoUnder() {
        Standing ended = new Standing.Working(MINE).after(now(CaseState.PENDING, Optional.empty()));
        assertThat(ended).isEqualTo(new Standing.Lost(7, Optional.empty()));
        assertThat(ended.typing()).isTrue();
        assertThat(ended.typingToken()).contains(7L);
        assertThat(new Standing.Working(MINE).after(now(CaseState.CLAIMED, Optional.of(THEIRS))))
                .isEqualTo(new Standing.Lost(7, Optional.of(THEIRS)));
    }

    @Test
    void whatAColleagueGivesBackIsFree() {
        assertThat(new Standing.Taken(THEIRS).after(now(CaseState.PENDING, Optional.empty())))
                .isEqualTo(new Standing.Free());
        assertThat(new Standing.Free().after(now(CaseState.CLAIMED, Optional.of(THEIRS))))
                .isEqualTo(new Standing.Taken(THEIRS));
    }

    @Test
    void anEndIsAnEndForEverybody() {
        for (Standing before : List.of(
                new Standing.Working(MINE),
                new Standing.Lost(7, Optional.empty()),
                new Standing.Taken(THEIRS),
                new Standing.Free(),
                new Standing.Barred("why"),
                new Standing.Watching())) {
            assertThat(before.after(now(CaseState.APPROVED, Optional.empty())))
                    .as(before.toString())
                    .isEqualTo(new Standing.Ended());
        }
    }
}
