package io.plumbline.console.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.compliance.review.CallerLanguage;
import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CaseFinding;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CaseMessage;
import io.plumbline.compliance.review.CaseOrigin;
import io.plumbline.compliance.review.Decision;
import io.plumbline.compliance.review.DraftText;
import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.Lease;
import io.plumbline.compliance.review.NewCase;
import io.plumbline.compliance.review.ReviewException;
import io.plumbline.compliance.review.ReviewQueue;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.console.audit.AuditDesk;
import io.plumbline.console.playground.PlaygroundDesk;
import io.plumbline.console.review.CasesDesk;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.platform.audit.AuditQuery;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.MissingScope;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.tenant.CurrentTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What each role may do at the desks of playground, review queue and audit. Views only hide what a desk refuses; the
 * refusal, 403 on the page, is the desk's. Needs PostgreSQL, Keycloak and Kafka, as ./plumbline test starts them.
 */
@QuarkusTest
class DesksTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");

    @Inject
    ConsoleSession session;

    @Inject
    PlaygroundDesk playground;

    @Inject
    CasesDesk cases;

    @Inject
    AuditDesk audit;

    @Inject
    ReviewQueue queue;

    @Inject
    CurrentTenant currentTenant;

    private final SignedIn engineer = person("engineer", Role.ML_ENGINEER, "hospital");
    private final SignedIn admin = person("admin", Role.TENANT_ADMIN, "hospital");
    private final SignedIn auditor = person("auditor", Role.AUDITOR, "hospital");
    private final SignedIn integrator = person("integrator", Role.INTEGRATOR, "hospital");
    private final SignedIn li = person("li", Role.REVIEWER, "broker", "hospital");
    private final SignedIn wang = person("wang", Role.REVIEWER, "hospital");
    private final SignedIn foreign = person("chen", Role.REVIEWER, "factory");

    private static SignedIn person(String name, Role role, String... tenants) {
        var cleared = new TreeSet<>(Comparator.comparing(TenantId::value));
        Stream.of(tenants).map(TenantId::of).forEach(cleared::add);
        return new SignedIn(new Reviewer(name + "@desks.example", cleared, role.scopes()), cleared.first());
    }

    private void refused(SignedIn who, Runnable work) {
        assertThatThrownBy(() -> run(who, work)).isInstanceOf(MissingScope.class);
    }

    private void run(SignedIn who, Runnable work) {
        session.as(who, () -> {
            work.run();
            return true;
        });
    }

    private String openCase() {
        Bilingual words = new Bilingual("未成年人", "Minors");
        CaseFinding finding = new CaseFinding(
                "choices[0]",
                "MED-020@1",
                Stage.OUTPUT,
                2,
                Action.HOLD,
                "kw",
                0,
                4,
                words,
                words,
                List.of(),
                Optional.empty());
        NewCase held = new NewCase(
                CaseId.create(),
                new CaseOrigin(
                        Ids.create("chatcmpl-"),
                        "smollm2",
                        Optional.empty(),
                        "caller",
                        CallerLanguage.EN,
                        "a".repeat(64)),
                List.of(new CaseMessage("user", "<img src=x onerror=alert(1)>")),
                List.of(HeldChoice.undecided(0, "Dose: 5 ml", "Dose: 5 ml", "stop")),
                List.of(finding),
                OutputConstraint.free());
        return currentTenant.<String, RuntimeException>callAs(
                HOSPITAL, () -> queue.open(held).id().value());
    }

    @Test
    void onlyWhoMayInferTalksToModels() {
        run(engineer, () -> playground.models());
        run(integrator, () -> playground.models());
        refused(li, () -> playground.models());
        refused(auditor, () -> playground.models());
        refused(li, () -> playground.decided("chatcmpl-1"));
    }

    @Test
    void onlyReviewersDecideAndAdministratorsLook() {
        String id = openCase();
        for (SignedIn other : List.of(engineer, auditor, integrator)) {
            refused(other, () -> cases.list(CaseFilter.OPEN, 10));
            refused(other, cases::counts);
            refused(other, () -> cases.get(id));
            refused(other, () -> cases.claim(id));
        }
        assertThat(session.as(admin, () -> cases.get(id)).reviewCase().id().value())
                .isEqualTo(id);
        refused(admin, () -> cases.claim(id));
        refused(admin, () -> cases.renew(id, 1));
        refused(admin, () -> cases.release(id, 1));
        refused(admin, () -> cases.saveDraft(id, 1, new DraftText(Map.of(), "")));
        refused(admin, () -> cases.decide(id, 1, new Decision.Approve(), Optional.empty()));
    }

    @Test
    void aReviewerOfAnotherTenantFindsNothing() {
        String id = openCase();
        assertThat(session.as(li, () -> cases.get(id)).reviewCase().tenant()).isEqualTo(HOSPITAL);
        assertThatThrownBy(() -> session.as(foreign, () -> cases.get(id)))
                .isInstanceOf(ReviewException.UnknownCase.class);
        assertThatThrownBy(() -> session.as(foreign, () -> cases.claim(id)))
                .isInstanceOf(ReviewException.UnknownCase.class);
        assertThat(session.as(foreign, () -> cases.list(CaseFilter.OPEN, 100)).cases())
                .noneMatch(found -> found.tenant().equals(HOSPITAL));
    }

    @Test
    void theSecondReviewerIsToldWhoWasFirstAndAnOldTokenDecidesNothing() {
        String id = openCase();
        Lease first = session.as(li, () -> cases.claim(id)).lease().orElseThrow();
        assertThatThrownBy(() -> session.as(wang, () -> cases.claim(id)))
                .isInstanceOfSatisfying(ReviewException.ClaimedByAnother.class, taken -> assertThat(taken.holder())
                        .isEqualTo("li@desks.example"));
        run(li, () -> cases.claim(id));
        assertThatThrownBy(() -> session.as(
                        li, () -> cases.decide(id, first.token(), new Decision.Reject("late"), Optional.empty())))
                .isInstanceOf(ReviewException.LeaseLost.class);
        assertThat(session.as(li, () -> cases.get(id))
                        .draft()
                        .orElseThrow()
                        .text()
                        .note())
                .isEqualTo("late");
    }

    @Test
    void onlyAuditorsAndAdministratorsReadTheAuditLog() {
        for (SignedIn other : List.of(engineer, integrator, li)) {
            refused(other, () -> audit.search(AuditQuery.newest(1)));
            refused(other, audit::latestHead);
            refused(other, () -> audit.proof(0));
            refused(other, audit::verify);
            refused(other, audit::export);
        }
        assertThat(session.as(auditor, () -> audit.search(AuditQuery.newest(1))))
                .isNotNull();
        assertThat(session.as(admin, audit::verify).intact()).isTrue();
    }
}
