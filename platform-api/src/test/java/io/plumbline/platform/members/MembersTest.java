package io.plumbline.platform.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.identity.Scope;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final Caller ADMIN =
            new Caller(TenantId.of("hospital"), "admin@hospital.example", EnumSet.allOf(Scope.class));

    private final AccountsInMemory accounts = new AccountsInMemory();
    private final RecordedActs acts = new RecordedActs();
    private final Members members = new Members(accounts, acts);
    private final String admin = accounts.add("admin@hospital.example", Set.of(Role.TENANT_ADMIN), "hospital");
    private final String engineer = accounts.add("engineer@hospital.example", Set.of(Role.ML_ENGINEER), "hospital");
    private final String stranger = accounts.add("engineer@broker.example", Set.of(Role.ML_ENGINEER), "broker");

    private static NewMember person(String email, Role... roles) {
        return new NewMember(email, "Li", "Wei", Set.of(roles));
    }

    @Test
    void aNewPersonGetsAnAccountAPasswordAndTheirRoles() {
        Member.Added added = members.add(ADMIN, person(" Li.Wei@Hospital.example ", Role.AUDITOR));

        assertThat(added.temporaryPassword()).get().asString().hasSizeGreaterThan(16);
        assertThat(added.toString()).doesNotContain(added.temporaryPassword().orElseThrow());
        assertThat(added.member().username()).isEqualTo("li.wei@hospital.example");
        assertThat(members.get(ADMIN, added.member().id()).roles()).containsExactly(Role.AUDITOR);
        AuditableAct act = acts.only("member.added");
        assertThat(act.actor()).isEqualTo("admin@hospital.example");
        assertThat(act.target()).isEqualTo(added.member().id());
        assertThat(act.facts()).containsEntry("roles", "auditor").containsEntry("account", "new");
    }

    @Test
    void anAccountWithoutOrganisationIsTakenInWithExactlyTheRolesGiven() {
        String former = accounts.add("former@hospital.example", Set.of(Role.TENANT_ADMIN));

        Member.Added added = members.add(ADMIN, person("former@hospital.example", Role.INTEGRATOR));

        assertThat(added.temporaryPassword()).isEmpty();
        assertThat(members.get(ADMIN, former).roles()).containsExactly(Role.INTEGRATOR);
    }

    @Test
    void accountsOfOthersCannotBeAddedAndItIsNotSaidWhoseTheyAre() {
        accounts.add("operator@plumbline.example", Set.of(Role.PLATFORM_ADMIN));

        assertThatThrownBy(() -> members.add(ADMIN, person("engineer@broker.example", Role.AUDITOR)))
                .isInstanceOf(AccountUnavailable.class)
                .hasMessageNotContaining("broker ");
        assertThatThrownBy(() -> members.add(ADMIN, person("operator@plumbline.example", Role.AUDITOR)))
                .isInstanceOf(AccountUnavailable.class);
        assertThatThrownBy(() -> members.add(ADMIN, person("engineer@hospital.example", Role.AUDITOR)))
                .isInstanceOf(MemberExists.class);
        assertThat(accounts.calls()).isEmpty();
        assertThat(acts.all()).isEmpty();
    }

    @Test
    void anAccountThatCannotJoinIsNotLeftBehind() {
        accounts.failOn("join");

        assertThatThrownBy(() -> members.add(ADMIN, person("new@hospital.example", Role.AUDITOR)))
                .isInstanceOf(MembersUnavailable.class);

        assertThat(accounts.byEmail("new@hospital.example")).isEmpty();
    }

    @Test
    void rolesAreReplacedAndTheSessionsEnd() {
        members.changeRoles(ADMIN, engineer, Set.of(Role.AUDITOR, Role.INTEGRATOR));

        assertThat(members.get(ADMIN, engineer).roles()).containsExactlyInAnyOrder(Role.AUDITOR, Role.INTEGRATOR);
        assertThat(accounts.calls()).containsExactly("takeRoles", "giveRoles", "endSessions");
        assertThat(acts.only("member.roles_changed").facts())
                .containsEntry("before", "ml-engineer")
                .containsEntry("after", "auditor,integrator");
    }

    @Test
    void nobodyChangesThemselves() {
        assertThatThrownBy(() -> members.changeRoles(ADMIN, admin, Set.of(Role.TENANT_ADMIN, Role.INTEGRATOR)))
                .isInstanceOf(OwnMembership.class);
        assertThatThrownBy(() -> members.remove(ADMIN, admin)).isInstanceOf(OwnMembership.class);
        assertThatThrownBy(() -> members.resetPassword(ADMIN, admin)).isInstanceOf(OwnMembership.class);
        assertThat(accounts.calls()).isEmpty();
    }

    @Test
    void rolesThatHoldElsewhereTooAreTheOperatorsMatter() {
        String shared = accounts.add("reviewer@plumbline.example", Set.of(Role.REVIEWER), "hospital", "broker");

        assertThatThrownBy(() -> members.changeRoles(ADMIN, shared, Set.of(Role.AUDITOR)))
                .isInstanceOf(SharedMember.class);
        assertThatThrownBy(() -> members.resetPassword(ADMIN, shared)).isInstanceOf(SharedMember.class);

        members.remove(ADMIN, shared);

        assertThat(accounts.organisations(shared)).containsExactly("broker");
        assertThat(accounts.account(shared).orElseThrow().roles()).containsExactly(Role.REVIEWER);
    }

    @Test
    void whoIsRemovedKeepsNoRole() {
        members.remove(ADMIN, engineer);

        assertThat(accounts.account(engineer).orElseThrow().roles()).isEmpty();
        assertThat(accounts.calls()).containsExactly("leave", "takeRoles", "endSessions");
        assertThat(acts.only("member.removed").facts()).containsEntry("roles", "ml-engineer");
        assertThatThrownBy(() -> members.get(ADMIN, engineer)).isInstanceOf(NotFound.class);
    }

    @Test
    void aMemberOfAnotherOrganisationDoesNotExist() {
        assertThatThrownBy(() -> members.get(ADMIN, stranger)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> members.changeRoles(ADMIN, stranger, Set.of(Role.AUDITOR)))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> members.resetPassword(ADMIN, stranger)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> members.remove(ADMIN, stranger)).isInstanceOf(NotFound.class);
        assertThat(accounts.calls()).isEmpty();
    }

    @Test
    void rolesThatDoNotGoTogetherAreRefused() {
        assertThatThrownBy(() -> members.changeRoles(ADMIN, engineer, Set.of(Role.REVIEWER, Role.ML_ENGINEER)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("ml-engineer");
        assertThatThrownBy(() -> members.changeRoles(ADMIN, engineer, Set.of(Role.PLATFORM_ADMIN)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("operator");
        assertThatThrownBy(() -> members.changeRoles(ADMIN, engineer, Set.of())).isInstanceOf(InvalidRequest.class);
        members.changeRoles(ADMIN, engineer, Set.of(Role.REVIEWER, Role.AUDITOR));
    }

    @Test
    void namesReadAsPeopleWriteThem() {
        assertThat(named("Ada", "Hospital")).isEqualTo("Ada Hospital");
        assertThat(named("伟", "李")).isEqualTo("李伟");
        assertThat(named("", "")).isEqualTo("user");
    }

    private static String named(String first, String last) {
        return new Member("id", "user", "", first, last, true, Set.of()).name();
    }

    @Test
    void badAddressesAndMissingNamesAreRefused() {
        assertThatThrownBy(() -> person("nobody", Role.AUDITOR)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> person("a b@c.d", Role.AUDITOR)).isInstanceOf(InvalidRequest.class);
        assertThatThrownBy(() -> members.add(ADMIN, new NewMember("x@y.zz", " ", "Wei", Set.of(Role.AUDITOR))))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("first name");
        assertThat(accounts.calls()).isEmpty();
    }
}
