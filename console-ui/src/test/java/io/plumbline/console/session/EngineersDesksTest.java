package io.plumbline.console.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.compliance.screen.Audience;
import io.plumbline.console.dataset.DatasetDesk;
import io.plumbline.console.deployment.ModelDesk;
import io.plumbline.console.finetuning.FineTuningDesk;
import io.plumbline.finetune.dataset.ChatRow;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.dataset.DataProblem;
import io.plumbline.platform.dataset.FileRows;
import io.plumbline.platform.dataset.InvalidTrainingFile;
import io.plumbline.platform.dataset.Purpose;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.dataset.Upload;
import io.plumbline.platform.deployment.DeploymentOrder;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.finetuning.JobWish;
import io.plumbline.platform.finetuning.JobWish.HyperparameterWish;
import io.plumbline.platform.finetuning.JobWish.SettingWish;
import io.plumbline.platform.identity.MissingScope;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.screening.ScreeningPolicy;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each role may do at the desks of data sets, fine-tuning and models. Views only hide what a desk refuses. Needs
 * PostgreSQL, Keycloak and Kafka, as ./plumbline test starts them.
 */
@QuarkusTest
class EngineersDesksTest {
    private static final String GOOD =
            "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"Yes.\"}]}\n";

    @Inject
    ConsoleSession session;

    @Inject
    DatasetDesk datasets;

    @Inject
    FineTuningDesk fineTuning;

    @Inject
    ModelDesk models;

    @TempDir
    Path folder;

    private final SignedIn engineer = person("engineer", Role.ML_ENGINEER, "hospital");
    private final SignedIn auditor = person("auditor", Role.AUDITOR, "hospital");
    private final SignedIn integrator = person("integrator", Role.INTEGRATOR, "hospital");
    private final SignedIn reviewer = person("reviewer", Role.REVIEWER, "hospital");
    private final SignedIn stranger = person("engineer", Role.ML_ENGINEER, "broker");

    private static SignedIn person(String name, Role role, String tenant) {
        var cleared = new TreeSet<>(Comparator.comparing(TenantId::value));
        cleared.add(TenantId.of(tenant));
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

    private Upload upload(String content) {
        try {
            Path file = Files.writeString(folder.resolve("rows.jsonl"), content);
            return new Upload(file, "rows.jsonl", Purpose.FINE_TUNE, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JobWish wish(Optional<Integer> rank) {
        return new JobWish(
                Optional.of("smollm2-135m-instruct"),
                Optional.of("file-none"),
                Optional.empty(),
                new HyperparameterWish("hyperparameters.", Optional.empty(), Optional.empty(), Optional.empty()),
                new SettingWish(
                        rank,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty(),
                Map.of());
    }

    private static List<String> questions(FileRows.Page page) {
        return page.rows().stream()
                .map(ChatRow::messages)
                .map(messages -> messages.getFirst().content())
                .toList();
    }

    @Test
    void auditorsReadEverythingAndChangeNothing() {
        assertThat(session.as(auditor, () -> datasets.page(Optional.empty(), 10)))
                .isNotNull();
        assertThat(session.as(auditor, () -> fineTuning.page(Optional.empty(), 10)))
                .isNotNull();
        assertThat(session.as(auditor, models::deployments)).isNotNull();
        assertThat(session.as(auditor, models::tuned)).isNotNull();

        refused(auditor, () -> datasets.upload(upload(GOOD.formatted("Open?"))));
        refused(auditor, () -> datasets.delete("file-none"));
        refused(auditor, fineTuning::choices);
        refused(auditor, () -> fineTuning.create(wish(Optional.empty())));
        refused(auditor, () -> fineTuning.cancel("ftjob-none"));
        refused(auditor, () -> models.deploy(new DeploymentOrder("m", ScreeningPolicy.FLOOR, Optional.empty())));
        refused(auditor, () -> models.retire("dep-none"));
        refused(auditor, () -> models.delete("ft:none"));
    }

    @Test
    void integratorsTrainButDoNotDeployAndReviewersDoNeither() {
        assertThat(session.as(integrator, fineTuning::choices)).isNotNull();
        refused(integrator, () -> models.retire("dep-none"));
        refused(reviewer, () -> datasets.page(Optional.empty(), 10));
        refused(reviewer, () -> fineTuning.page(Optional.empty(), 10));
        refused(reviewer, models::deployments);
    }

    @Test
    void rowsAreReadPageByPageAndFoundByTheirText() {
        String content = GOOD.formatted("first") + "\n" + GOOD.formatted("<script>alert(1)</script>")
                + GOOD.formatted("第三个问题") + GOOD.formatted("fourth");
        TrainingFile file = session.as(engineer, () -> datasets.upload(upload(content)));
        try {
            FileRows.Page second = session.as(engineer, () -> datasets.rows(file.id(), "", 1, 2));
            assertThat(questions(second)).containsExactly("<script>alert(1)</script>", "第三个问题");
            assertThat(second.more()).isTrue();
            assertThat(second.rows().getFirst().line()).isEqualTo(3);
            assertThat(session.as(engineer, () -> datasets.rows(file.id(), "", 3, 2))
                            .more())
                    .isFalse();
            assertThat(questions(session.as(engineer, () -> datasets.rows(file.id(), "三个", 0, 10))))
                    .containsExactly("第三个问题");
            assertThat(questions(session.as(engineer, () -> datasets.rows(file.id(), "FOURTH", 0, 10))))
                    .containsExactly("fourth");
            assertThatThrownBy(() -> session.as(stranger, () -> datasets.rows(file.id(), "", 0, 2)))
                    .isInstanceOf(NotFound.class);
        } finally {
            run(engineer, () -> datasets.delete(file.id()));
        }
        assertThatThrownBy(() -> session.as(engineer, () -> datasets.get(file.id())))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void aBrokenFileIsRefusedLineByLineAndNothingOfItIsStored() {
        int before = session.as(engineer, () -> datasets.page(Optional.empty(), 10_000))
                .size();
        String content = GOOD.formatted("good") + "not json\n"
                + "{\"messages\": [{\"role\": \"user\", \"content\": \"\"}, {\"role\": \"assistant\", \"content\": 5}]}\n";
        assertThatThrownBy(() -> session.as(engineer, () -> datasets.upload(upload(content))))
                .isInstanceOfSatisfying(InvalidTrainingFile.class, refused -> {
                    assertThat(refused.found().rows()).isEqualTo(3);
                    assertThat(refused.found().refusedRows()).isEqualTo(2);
                    assertThat(refused.found().problemCount()).isEqualTo(3);
                    assertThat(refused.found().problems())
                            .extracting(DataProblem::line, DataProblem::field)
                            .containsExactly(
                                    org.assertj.core.groups.Tuple.tuple(2, ""),
                                    org.assertj.core.groups.Tuple.tuple(3, "messages[0].content"),
                                    org.assertj.core.groups.Tuple.tuple(3, "messages[1].content"));
                });
        assertThat(session.as(engineer, () -> datasets.page(Optional.empty(), 10_000)))
                .hasSize(before);
    }

    @Test
    void settingsOutOfRangeAreRefusedByTheNameOfTheirParameter() {
        assertThatThrownBy(() -> session.as(engineer, () -> fineTuning.create(wish(Optional.of(300)))))
                .isInstanceOfSatisfying(InvalidRequest.class, refused -> assertThat(refused.param())
                        .contains("plumbline.rank"));
    }

    @Test
    void packsTurnRulesOn() {
        int floor =
                session.as(engineer, () -> models.effect(ScreeningPolicy.FLOOR)).rules();
        ScreeningPolicy medical = new ScreeningPolicy(Set.of("CN", "MED"), Audience.PUBLIC);
        assertThat(session.as(engineer, () -> models.effect(medical)).rules()).isGreaterThan(floor);
        assertThat(session.as(engineer, models::optionalRules))
                .extracting(rule -> rule.id().value())
                .contains("MED-004", "FIN-001")
                .doesNotHaveDuplicates();
    }
}
