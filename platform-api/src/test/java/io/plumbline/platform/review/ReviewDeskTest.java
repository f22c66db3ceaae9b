package io.plumbline.platform.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CaseSelection;
import io.plumbline.compliance.review.CaseSlice;
import io.plumbline.compliance.review.CaseState;
import io.plumbline.compliance.review.CaseSummary;
import io.plumbline.compliance.review.Decision;
import io.plumbline.compliance.review.DraftText;
import io.plumbline.compliance.review.Lease;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewException;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.MissingScope;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases, fencing, four eyes and deadlines, with the real database. */
@PlatformTest
class ReviewDeskTest {
    private static final TenantId BROKER = TenantId.of("broker");
    private static final Decision APPROVE = new Decision.Approve();

    @Inject
    ReviewDesk desk;

    @Inject
    AgroalDataSource app;

    @Inject
    CurrentTenant currentTenant;

    private RuledModel model;
    private final Reviewer li = reviewer("li@plumbline.example", "broker", "hospital");
    private final Reviewer wang = reviewer("wang@plumbline.example", "broker");
    private final Reviewer foreign = reviewer("chen@plumbline.example", "factory");

    private static Reviewer reviewer(String subject, String... tenants) {
        var cleared = new TreeSet<>(Comparator.comparing(TenantId::value));
        for (String tenant : tenants) {
            cleared.add(TenantId.of(tenant));
        }
        return new Reviewer(subject, cleared, Role.REVIEWER.scopes());
    }

    @BeforeEach
    void deploy() {
        model = RuledModel.of("broker", "FIN-008", "MED-020");
    }

    @AfterEach
    void retire() {
        model.close();
    }

    private long token(Reviewer reviewer, String id) {
        return desk.claim(reviewer, id).lease().orElseThrow().token();
    }

    private int sql(String statement, String... values) throws SQLException {
        return currentTenant.callAs(BROKER, () -> {
            try (Connection connection = app.getConnection();
                    PreparedStatement prepared = connection.prepareStatement(statement)) {
                for (int i = 0; i < values.length; i++) {
                    prepared.setString(i + 1, values[i]);
                }
                return prepared.executeUpdate();
            }
        });
    }

    private void letTheLeaseRunOut(String id) throws SQLException {
        assertThat(sql("update review_case set lease_until = now() - interval '1 second' where id = ?", id))
                .isOne();
    }

    @Test
    void ofManyReviewersExactlyOneClaims() throws InterruptedException, ExecutionException {
        String id = model.heldCase();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<ReviewCase>> claims = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                Reviewer one = reviewer("racer-%d@plumbline.example".formatted(i), "broker");
                claims.add(threads.submit(() -> {
                    start.await();
                    return desk.claim(one, id);
                }));
            }
            start.countDown();
        }
        List<Lease> won = new ArrayList<>();
        List<ReviewException.ClaimedByAnother> lost = new ArrayList<>();
        for (Future<ReviewCase> claim : claims) {
            if (claim.state() == Future.State.SUCCESS) {
                won.add(claim.get().lease().orElseThrow());
            } else {
                assertThat(claim.exceptionNow()).isInstanceOf(ReviewException.ClaimedByAnother.class);
                lost.add((ReviewException.ClaimedByAnother) claim.exceptionNow());
            }
        }
        assertThat(won).hasSize(1);
        assertThat(lost).hasSize(11).allSatisfy(refusal -> {
            assertThat(refusal.holder()).isEqualTo(won.getFirst().holder());
            assertThat(refusal.until()).isEqualTo(won.getFirst().expiresAt());
            assertThat(refusal.getMessage()).contains(won.getFirst().holder());
        });
    }

    @Test
    void aLeaseThatRanOutGoesToTheNextAndTheTypedTextStays() throws SQLException {
        String id = model.heldCase();
        long stale = token(li, id);
        letTheLeaseRunOut(id);
        assertThat(desk.get(li, id).reviewCase().state()).isEqualTo(CaseState.PENDING);
        assertThatThrownBy(() -> desk.renew(li, id, stale)).isInstanceOf(ReviewException.LeaseLost.class);

        long fresh = token(wang, id);
        assertThat(fresh).isGreaterThan(stale);
        DraftText typed = new DraftText(Map.of(0, "Half a sentence"), "because");
        ReviewException.LeaseLost lost =
                catchThrowableOfType(ReviewException.LeaseLost.class, () -> desk.saveDraft(li, id, stale, typed));
        assertThat(lost.now().orElseThrow().holder()).isEqualTo(wang.subject());
        assertThat(desk.get(li, id).draft().orElseThrow().text()).isEqualTo(typed);
        assertThat(desk.get(wang, id).draft()).isEmpty();

        assertThatThrownBy(() -> desk.decide(
                        li, id, stale, new Decision.Edit(Map.of(0, "The whole sentence.")), Optional.of("my note")))
                .isInstanceOf(ReviewException.LeaseLost.class);
        assertThat(desk.get(li, id).draft().orElseThrow().text())
                .isEqualTo(new DraftText(Map.of(0, "The whole sentence."), "my note"));
        assertThatThrownBy(() -> desk.release(li, id, stale)).isInstanceOf(ReviewException.LeaseLost.class);
        // A guessed token of somebody else's lease does not help.
        assertThatThrownBy(() -> desk.decide(li, id, fresh, APPROVE, Optional.empty()))
                .isInstanceOf(ReviewException.LeaseLost.class);

        assertThat(desk.decide(wang, id, fresh, APPROVE, Optional.empty()).state())
                .isEqualTo(CaseState.APPROVED);
        assertThatThrownBy(() -> desk.saveDraft(li, id, stale, new DraftText(Map.of(0, "Later."), "")))
                .isInstanceOf(ReviewException.AlreadyDecided.class);
        assertThat(desk.get(li, id).draft().orElseThrow().text().texts()).containsEntry(0, "Later.");
    }

    @Test
    void theHolderMayClaimAgainAndTheOldTokenEnds() {
        String id = model.heldCase();
        long first = token(li, id);
        long second = token(li, id);
        assertThat(second).isGreaterThan(first);
        assertThatThrownBy(() -> desk.decide(li, id, first, APPROVE, Optional.empty()))
                .isInstanceOf(ReviewException.LeaseLost.class);
        Lease before = desk.get(li, id).reviewCase().lease().orElseThrow();
        Lease renewed = desk.renew(li, id, second).lease().orElseThrow();
        assertThat(renewed.expiresAt()).isAfter(before.expiresAt());
        assertThat(renewed.token()).isEqualTo(second);

        desk.release(li, id, second);
        assertThat(desk.get(wang, id).reviewCase().state()).isEqualTo(CaseState.PENDING);
        assertThat(token(wang, id)).isGreaterThan(second);
    }

    @Test
    void aDecisionSentTwiceIsAnsweredTwiceAndAnotherOneIsRefused() {
        String id = model.heldCase();
        long token = token(li, id);
        ReviewCase once = desk.decide(li, id, token, APPROVE, Optional.empty());
        ReviewCase again = desk.decide(li, id, token, APPROVE, Optional.empty());
        assertThat(again.outcome()).isEqualTo(once.outcome());
        assertThatThrownBy(() -> desk.decide(li, id, token, new Decision.Reject("no"), Optional.empty()))
                .isInstanceOfSatisfying(ReviewException.AlreadyDecided.class, e -> assertThat(e.state())
                        .isEqualTo(CaseState.APPROVED));
        assertThatThrownBy(() -> desk.claim(wang, id)).isInstanceOf(ReviewException.AlreadyDecided.class);
    }

    @Test
    void whoEscalatesDoesNotDecide() {
        String id = model.heldCase();
        long token = token(li, id);
        ReviewCase escalated = desk.decide(li, id, token, new Decision.Escalate("unsure"), Optional.empty());
        assertThat(escalated.state()).isEqualTo(CaseState.PENDING);
        assertThat(escalated.level()).isEqualTo(ReviewLevel.SECOND);
        assertThat(escalated.escalation().orElseThrow().by()).isEqualTo(li.subject());
        assertThat(escalated.lease()).isEmpty();
        assertThatThrownBy(() -> desk.claim(li, id)).isInstanceOf(ReviewException.FourEyes.class);
        assertThatThrownBy(() -> desk.decide(li, id, token, APPROVE, Optional.empty()))
                .isInstanceOf(ReviewException.LeaseLost.class);

        long second = token(wang, id);
        assertThatThrownBy(() -> desk.decide(wang, id, second, new Decision.Escalate("again"), Optional.empty()))
                .isInstanceOf(ReviewException.AlreadyEscalated.class);
        assertThat(desk.decide(wang, id, second, new Decision.Reject("no profile"), Optional.empty())
                        .state())
                .isEqualTo(CaseState.REJECTED);
    }

    @Test
    void whoAskedDoesNotDecide() {
        String id = model.heldCase();
        Reviewer asker = reviewer("integrator@broker.example", "broker");
        assertThatThrownBy(() -> desk.claim(asker, id)).isInstanceOf(ReviewException.FourEyes.class);
    }

    @Test
    void aDecisionMustFitItsCase() {
        String id = model.heldCase();
        long token = token(li, id);
        List<Decision> wrong = List.of(
                new Decision.Reject(" "),
                new Decision.Escalate(""),
                new Decision.Edit(Map.of()),
                new Decision.Edit(Map.of(0, " ")),
                new Decision.Edit(Map.of(1, "There is no choice 1.")),
                new Decision.Edit(Map.of(0, "a\0b")));
        for (Decision decision : wrong) {
            assertThatThrownBy(() -> desk.decide(li, id, token, decision, Optional.empty()))
                    .isInstanceOf(ReviewException.InvalidDecision.class);
        }
        assertThat(desk.get(li, id).reviewCase().state()).isEqualTo(CaseState.CLAIMED);
    }

    @Test
    void aForeignReviewerSeesNothing() {
        String id = model.heldCase();
        assertThatThrownBy(() -> desk.get(foreign, id)).isInstanceOf(ReviewException.UnknownCase.class);
        assertThatThrownBy(() -> desk.claim(foreign, id)).isInstanceOf(ReviewException.UnknownCase.class);
        assertThatThrownBy(() -> desk.get(li, "case-'; drop table")).isInstanceOf(ReviewException.UnknownCase.class);
        assertThat(desk.list(foreign, CaseFilter.OPEN, Optional.empty(), 100).cases())
                .noneMatch(c -> c.tenant().equals(BROKER));
    }

    @Test
    void theDeskChecksScopesItself() {
        String id = model.heldCase();
        Reviewer administrator = new Reviewer("admin@broker.example", wang.tenants(), Role.TENANT_ADMIN.scopes());
        assertThat(desk.get(administrator, id).reviewCase().id().value()).isEqualTo(id);
        assertThatThrownBy(() -> desk.claim(administrator, id)).isInstanceOf(MissingScope.class);
        assertThatThrownBy(() -> desk.decide(administrator, id, 1, APPROVE, Optional.empty()))
                .isInstanceOf(MissingScope.class);
        Reviewer engineer = new Reviewer("engineer@broker.example", wang.tenants(), Role.ML_ENGINEER.scopes());
        assertThatThrownBy(() -> desk.get(engineer, id)).isInstanceOf(MissingScope.class);
        assertThatThrownBy(() -> desk.counts(engineer)).isInstanceOf(MissingScope.class);
    }

    @Test
    void pastItsDeadlineACaseIsDecidedAgainstRelease() throws SQLException {
        String id = model.heldCase();
        String late = CaseId.create().value();
        String answer = "chatcmpl-late-" + late;
        sql("""
                insert into review_case (id, tenant, state, level, severity, answer_id, model, asked_by, language, rule_set,
                                         conversation, choices, findings, opened_at, deadline)
                select ?, tenant, state, level, severity, ?, model, asked_by, language, rule_set, conversation, choices,
                       findings, opened_at - interval '2 days', now() + interval '3 seconds' from review_case where id = ?
                """, late, answer, id);
        sql("""
                insert into stored_answer (id, tenant, model, body, created_by, created_at, case_id, pending)
                select ?, tenant, model, body, created_by, created_at, ?, true from stored_answer where case_id = ?
                """, answer, late, id);
        long token = token(li, late);
        Eventually.until(
                "expired",
                () -> assertThat(desk.get(li, late).reviewCase().state()).isEqualTo(CaseState.EXPIRED));
        assertThat(desk.get(li, late).reviewCase().outcome().orElseThrow().by()).isEqualTo("system");
        assertThat(desk.get(li, late).reviewCase().choices().getFirst().released())
                .isEmpty();
        assertThatThrownBy(() -> desk.decide(li, late, token, APPROVE, Optional.empty()))
                .isInstanceOfSatisfying(ReviewException.AlreadyDecided.class, e -> assertThat(e.state())
                        .isEqualTo(CaseState.EXPIRED));
        assertThat(model.read(answer).<String>path("choices[0].message.content"))
                .contains("Nobody decided");
        assertThat(model.read(answer).<String>path("choices[0].finish_reason")).isEqualTo("content_filter");
        assertThat(desk.get(li, id).reviewCase().state()).isEqualTo(CaseState.PENDING);
    }

    @Test
    void whatWasAskedAndFoundCannotBeChanged() {
        String id = model.heldCase();
        for (String column : List.of("conversation", "choices", "findings", "form", "asked_by", "answer_id")) {
            assertThatThrownBy(() -> sql("update review_case set " + column + " = 'x' where id = ?", id))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
        assertThatThrownBy(() -> sql("delete from review_case where id = ?", id))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void openCasesComeByDeadlineAndPagesJoinUp() {
        String urgent = model.heldCase();
        String later = model.ask("My 4-year-old son has a cough.").header("x-plumbline-case");
        token(wang, urgent);
        List<CaseSummary> all = new ArrayList<>();
        CaseSlice page = desk.list(li, CaseFilter.OPEN, Optional.empty(), 2);
        all.addAll(page.cases());
        while (page.more()) {
            page = desk.list(
                    li, CaseFilter.OPEN, Optional.of(page.cases().getLast().position()), 2);
            all.addAll(page.cases());
        }
        assertThat(all).extracting(CaseSummary::deadline).isSorted();
        List<String> ids = all.stream().map(c -> c.id().value()).toList();
        assertThat(ids).doesNotHaveDuplicates().contains(urgent, later);
        assertThat(ids.indexOf(urgent)).isLessThan(ids.indexOf(later));
        assertThat(all).filteredOn(c -> c.id().value().equals(later)).allSatisfy(c -> {
            assertThat(c.excerpt()).isEqualTo("My 4-year-old son has a cough.");
            assertThat(c.findings()).extracting(f -> f.rule()).contains("MED-020@1");
        });

        CaseFilter mine =
                new CaseFilter(CaseSelection.CLAIMED, Optional.of(ReviewLevel.FIRST), Optional.of(wang.subject()));
        assertThat(desk.list(wang, mine, Optional.empty(), 50).cases())
                .extracting(c -> c.id().value())
                .contains(urgent)
                .doesNotContain(later);
        assertThat(desk.list(
                                li,
                                new CaseFilter(CaseSelection.OPEN, Optional.of(ReviewLevel.SECOND), Optional.empty()),
                                Optional.empty(),
                                50)
                        .cases())
                .extracting(c -> c.id().value())
                .doesNotContain(urgent, later);
        assertThat(desk.counts(wang).claimed()).isPositive();
    }
}
